import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoModel } from '../../demo/demo-model.ts';
import { LAB_SERVER_MODELS, SAM_DESKTOP_MODELS } from '../../demo/fleet-models.ts';
import { listen, type Listener } from '../../demo/listen.ts';
import { createLlamaSwapHost } from '../../demo/llama-swap-host.ts';
import { writeReply } from './replies.ts';

/** The hosts that the pictures show, all of them simulated. */
export interface PicturedHosts {
  /** The value for the `PROVIDERS` setting. */
  readonly providers: string;
  /** Stops the last host, so that it is offline. */
  stopAttic(): Promise<void>;
  close(): Promise<void>;
}

const ATTIC_MODELS: DemoModel[] = [
  { id: 'qwen3-4b', name: 'Qwen3 4B', contextLength: 32_768, loadMs: 500 },
  { id: 'embeddinggemma-300m', name: 'EmbeddingGemma 300M', contextLength: 2048, loadMs: 500 },
];

/** Starts three hosts with latencies as in a home network. */
export async function startPicturedHosts(): Promise<PicturedHosts> {
  const desktop = await startHost({
    name: 'sam-desktop',
    models: SAM_DESKTOP_MODELS,
    loaded: 'qwen3.6-27b',
    latencyMs: 4,
  });
  const lab = await startHost({
    name: 'lab-server',
    models: LAB_SERVER_MODELS,
    loaded: 'gpt-oss-120b',
    latencyMs: 14,
  });
  const attic = await startHost({ name: 'attic', models: ATTIC_MODELS, latencyMs: 30 });
  return {
    providers: [
      toDsn('sam-desktop', { listener: desktop, label: "Sam's desktop" }),
      toDsn('lab-server', { listener: lab, label: 'Lab server' }),
      toDsn('attic', { listener: attic, label: 'Attic mini PC' }),
    ].join(' '),
    stopAttic: () => attic.close(),
    close: async () => {
      await Promise.all([desktop, lab, attic].map((listener) => listener.close()));
    },
  };
}

function startHost(options: {
  name: string;
  models: DemoModel[];
  loaded?: string;
  latencyMs: number;
}): Promise<Listener> {
  const { name, models, loaded, latencyMs } = options;
  const host = createLlamaSwapHost({
    name,
    models: models.map((model) => ({ ...model, loadMs: model.loadMs / 10 })),
    reply: writeReply,
    ...(loaded !== undefined && { loaded }),
  });
  let asked = 0;
  return listen(async (request) => {
    asked += 1;
    // Latency varies, and varies in the same way in every run.
    await sleep(latencyMs * (1 + 0.4 * Math.sin(asked * 1.7) ** 2));
    return host.fetch(request);
  });
}

function toDsn(name: string, { listener, label }: { listener: Listener; label: string }): string {
  return `${name}=llama-swap://127.0.0.1:${listener.port}?label=${encodeURIComponent(label)}`;
}
