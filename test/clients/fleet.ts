// A Paddock in a process of its own, in front of two simulated hosts that have a model's name in common: what a client
// of any make needs. The hosts run in the test's process, so that a test sees what reaches them and sets their pace.

import { onTestFinished } from 'vitest';
import type { DemoModel } from '../../demo/demo-model.ts';
import { listen } from '../../demo/listen.ts';
import {
  createLlamaSwapHost,
  type LlamaSwapHost,
  type LlamaSwapHostOptions,
} from '../../demo/llama-swap-host.ts';
import { sleep } from '../../demo/sleep.ts';
import { findDeadPort } from '../hosts.ts';
import { RUNTIMES, type Runtime } from '../runtimes/runtimes.ts';

/** A simulated host in a test's hands. */
interface TestHost extends LlamaSwapHost {
  readonly url: string;
  /** The headers of every request that has reached it. */
  readonly received: Headers[];
  /** How many loads and pieces of replies are being worked on now. */
  working(): number;
  /** Lets it write so many further pieces, and then none, until what is answered is called, or the test ends. */
  holdAfter(pieces: number): () => void;
  /** How many models it has started so far. */
  started(): number;
  close(): Promise<void>;
}

/** Two hosts, and the Paddock in front of them. */
export interface TestFleet {
  /** Paddock's origin. */
  readonly url: string;
  /** The default provider, which is open. */
  readonly a: TestHost;
  /** Requires a key. */
  readonly b: TestHost;
  close(): Promise<void>;
}

/** The runtimes that serve every client. */
export const CLIENT_RUNTIMES = RUNTIMES.filter(([name]) => name !== 'workerd');

/** What clients give as their own key: no host must ever see it. */
export const CLIENT_KEY = 'cl1ent-key';

/** How long the model `cold` takes to start, in milliseconds. */
export const COLD_MS = 400;

const HOST_KEY = 'h0st/key';
const HOUR_MS = 3_600_000;

const SHARED: DemoModel = { id: 'shared', contextLength: 4096, loadMs: 5 };
const MODELS_OF_A: DemoModel[] = [SHARED, { id: 'cold', loadMs: COLD_MS }];
const MODELS_OF_B: DemoModel[] = [
  { ...SHARED, contextLength: 8192 },
  { id: 'vendor/voice:q8', loadMs: 5 },
  { id: 'thinker', reasoning: true, loadMs: 5 },
];

/** Starts the hosts `a` and `b`, and a Paddock that knows them, and `down`, whose port is closed. */
export async function startFleet(make: () => Promise<Runtime>): Promise<TestFleet> {
  const [a, b, runtime, deadPort] = await Promise.all([
    startHost({ name: 'host-a', models: MODELS_OF_A }),
    startHost({ name: 'host-b', models: MODELS_OF_B, apiKey: HOST_KEY }),
    make(),
    findDeadPort(),
  ]);
  const at = (host: TestHost) => new URL(host.url).host;
  const paddock = await runtime.start({
    PROVIDERS: [
      `a=llama-swap://${at(a)}`,
      `b=llama-swap://${encodeURIComponent(HOST_KEY)}@${at(b)}`,
      `down=llama-swap://127.0.0.1:${deadPort}`,
    ].join(' '),
  });
  return {
    url: paddock.url,
    a,
    b,
    close: async () => {
      await paddock.stop();
      await Promise.all([runtime.close(), a.close(), b.close()]);
    },
  };
}

async function startHost(options: LlamaSwapHostOptions): Promise<TestHost> {
  const received: Headers[] = [];
  let working = 0;
  let piecesLeft = Infinity;
  let released = new AbortController();
  const host = createLlamaSwapHost({
    tokensPerSecond: 5000,
    ...options,
    sleep: async (ms, signal) => {
      const isHeld = piecesLeft <= 0;
      piecesLeft -= 1;
      working += 1;
      const signals = [signal, isHeld ? released.signal : undefined];
      await sleep(
        isHeld ? HOUR_MS : ms,
        AbortSignal.any(signals.filter((one) => one !== undefined)),
      );
      working -= 1;
    },
  });
  const { url, close } = await listen((request) => {
    received.push(new Headers(request.headers));
    return host.fetch(request);
  });
  return {
    ...host,
    url,
    received,
    working: () => working,
    holdAfter: (pieces) => {
      piecesLeft = pieces;
      released = new AbortController();
      const release = () => {
        piecesLeft = Infinity;
        released.abort();
      };
      onTestFinished(release);
      return release;
    },
    started: () => [...host.counts.loads.values()].reduce((total, count) => total + count, 0),
    close: async () => {
      await Promise.all([close(), host.unload()]);
    },
  };
}

/** Says all that has reached a host in headers, to be searched. */
export function toText(headers: readonly Headers[]): string {
  return JSON.stringify(headers.map((one) => [...one]));
}
