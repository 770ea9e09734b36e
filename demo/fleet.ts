import { LAB_SERVER_MODELS, SAM_DESKTOP_MODELS } from './fleet-models.ts';
import { listen } from './listen.ts';
import { createLlamaSwapHost } from './llama-swap-host.ts';
import type { LlamaSwapHost, LlamaSwapHostOptions } from './llama-swap-host.ts';
import { sleep as sleepOnClock } from './sleep.ts';

/** A simulated host that listens on a port. */
export interface DemoHost {
  /** The provider's name in the settings. */
  name: string;
  label: string;
  url: string;
  apiKey?: string;
  host: LlamaSwapHost;
}

/** The two simulated hosts that a new user sees before configuring providers. */
export interface DemoFleet {
  /** The value for the `PROVIDERS` setting. */
  providers: string;
  hosts: DemoHost[];
  close(): Promise<void>;
}

type DemoHostOptions = LlamaSwapHostOptions & { label: string };

const HOSTS: DemoHostOptions[] = [
  {
    name: 'sam-desktop',
    label: "Sam's desktop",
    models: SAM_DESKTOP_MODELS,
    loaded: 'qwen3.6-27b',
  },
  {
    name: 'lab-server',
    label: 'Lab server',
    models: LAB_SERVER_MODELS,
    loaded: 'gpt-oss-120b',
    apiKey: 'demo-lab-key',
  },
];

/** Starts both hosts on free loopback ports, each with one loaded model. Tests may pass a faster clock. */
export async function startDemoFleet({ sleep = sleepOnClock } = {}): Promise<DemoFleet> {
  const started = await Promise.all(HOSTS.map((host) => startDemoHost({ ...host, sleep })));
  return {
    providers: started.map(({ demoHost }) => toDsn(demoHost)).join(' '),
    hosts: started.map(({ demoHost }) => demoHost),
    close: async () => {
      await Promise.all(started.map(({ close }) => close()));
    },
  };
}

/** Agents count tokens with dozens of requests at once, even while the model loads. */
const CONCURRENCY_LIMIT = 1000;

async function startDemoHost({ label, ...options }: DemoHostOptions) {
  const host = createLlamaSwapHost({ concurrencyLimit: CONCURRENCY_LIMIT, ...options });
  const { url, close } = await listen(host.fetch);
  const { name, apiKey } = options;
  const demoHost: DemoHost = { name, label, url, host, ...(apiKey !== undefined && { apiKey }) };
  return {
    demoHost,
    close: async () => {
      await Promise.all([close(), host.unload()]);
    },
  };
}

function toDsn({ name, label, url, apiKey }: DemoHost): string {
  const token = apiKey === undefined ? '' : `${encodeURIComponent(apiKey)}@`;
  return `${name}=llama-swap://${token}${new URL(url).host}?label=${encodeURIComponent(label)}`;
}
