import { ATTIC_MODELS, LAB_SERVER_MODELS, SAM_DESKTOP_MODELS } from './fleet-models.ts';
import { listen } from './listen.ts';
import { createLlamaServerRouter } from './llama-server-router.ts';
import { createLlamaSwapHost } from './llama-swap-host.ts';
import type { LlamaSwapHostOptions } from './llama-swap-host.ts';
import type { SimulatedHost } from './simulated-host.ts';
import { sleep as sleepOnClock } from './sleep.ts';

/** A simulated host that listens on a port. */
export interface DemoHost {
  /** The provider's name in the settings. */
  name: string;
  kind: DemoKind;
  label: string;
  url: string;
  apiKey?: string;
  host: SimulatedHost;
}

/** The simulated hosts that a new user sees before configuring providers. */
export interface DemoFleet {
  /** The value for the `PROVIDERS` setting. */
  providers: string;
  hosts: DemoHost[];
  close(): Promise<void>;
}

const CREATE_HOST = {
  'llama-swap': createLlamaSwapHost,
  'llama-server': createLlamaServerRouter,
};

type DemoKind = keyof typeof CREATE_HOST;
type DemoHostOptions = LlamaSwapHostOptions & { kind: DemoKind; label: string };

const HOSTS: DemoHostOptions[] = [
  {
    kind: 'llama-swap',
    name: 'sam-desktop',
    label: "Sam's desktop",
    models: SAM_DESKTOP_MODELS,
    loaded: 'qwen3.6-27b',
  },
  {
    kind: 'llama-swap',
    name: 'lab-server',
    label: 'Lab server',
    models: LAB_SERVER_MODELS,
    loaded: 'gpt-oss-120b',
    apiKey: 'demo-lab-key',
  },
  {
    kind: 'llama-server',
    name: 'attic',
    label: 'Attic mini PC',
    models: ATTIC_MODELS,
    loaded: 'qwen3-4b',
  },
];

/** Starts all hosts on free loopback ports, each with one loaded model. Tests may pass a faster clock. */
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

async function startDemoHost({ kind, label, ...options }: DemoHostOptions) {
  const host = CREATE_HOST[kind]({ concurrencyLimit: CONCURRENCY_LIMIT, ...options });
  const { url, close } = await listen(host.fetch);
  const { name, apiKey } = options;
  const demoHost: DemoHost = {
    name,
    kind,
    label,
    url,
    host,
    ...(apiKey !== undefined && { apiKey }),
  };
  return {
    demoHost,
    close: async () => {
      await Promise.all([close(), host.unload()]);
    },
  };
}

function toDsn({ name, kind, label, url, apiKey }: DemoHost): string {
  const token = apiKey === undefined ? '' : `${encodeURIComponent(apiKey)}@`;
  return `${name}=${kind}://${token}${new URL(url).host}?label=${encodeURIComponent(label)}`;
}
