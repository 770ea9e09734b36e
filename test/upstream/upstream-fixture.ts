import { inspect } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import type { Provider } from '../../src/registry/provider.ts';
import { openUpstreams } from '../../src/runtime/open-upstreams.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import type { Failure, Outcome } from '../../src/registry/outcome.ts';
import type { OwnRequest } from '../../src/registry/own-request.ts';
import {
  askProvider,
  createRequestUpstream,
  type RequestUpstream,
} from '../../src/upstream/request-upstream.ts';
import { unloadLlamaSwap } from '../../src/registry/kinds/llama-swap-unload.ts';
import { startHost as startSimulated, type StartedHost } from '../demo/host-fixture.ts';
import { startHost } from '../hosts.ts';

const upstreams = openUpstreams();

/** The key of the provider under test. */
export const KEY = 'zq5ecret-key';

/** The answers of an upstream, by path. */
export type Answers = Parameters<typeof startHost>[0];

/** A provider and the requests that it got. */
export interface Connected {
  provider: Provider;
  requestUpstream: RequestUpstream;
  /** Sends one request with a timeout of 10 s. */
  request: <T = null>(options: Omit<OwnRequest<T>, 'signal'>) => Promise<Outcome<T>>;
  unload: (model: string | null) => Promise<Outcome<unknown>>;
  /** The requests, as `METHOD /path`. */
  sent: string[];
  /** The headers of each request. */
  headers: Headers[];
  /** The errors that `fetch` threw. */
  thrown: unknown[];
}

/** Connects to a provider over real sockets, and records the requests. */
export function connect(port: number, { base = '', sidecar = '' } = {}): Connected {
  const dsn = `lab=llama-swap://${KEY}@127.0.0.1:${port}${base}${sidecar}`;
  const provider = parseSettings({ PROVIDERS: dsn }).registry.providers.get('lab') as Provider;
  const connected = { sent: [] as string[], headers: [] as Headers[], thrown: [] as unknown[] };
  const requestUpstream = createRequestUpstream({
    clock: systemClock,
    run: async (steps) => {
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
      }
    },
    fetch: async (url, init) => {
      connected.sent.push(`${init.method} ${url.replace(provider.baseUrl, '')}`);
      connected.headers.push(new Headers(init.headers));
      try {
        return await upstreams.fetch(url, init);
      } catch (error) {
        connected.thrown.push(error);
        throw error;
      }
    },
  });
  return {
    provider,
    requestUpstream,
    request: (options) => requestUpstream(provider, { ...options, signal: timeout() }),
    unload: (model) =>
      unloadLlamaSwap(askProvider(provider, { requestUpstream, signal: timeout() }), {
        model,
        pause: async () => {},
      }),
    ...connected,
  };
}

/** Starts an upstream with the given answers, and connects to it. */
export async function serve(answers: Answers): Promise<Connected & { port: number }> {
  const host = await startHost(answers);
  onTestFinished(() => host.close());
  return { ...connect(host.port), port: host.port };
}

/** Starts a simulated llama-swap, and connects to it. */
export async function simulate(
  options: Parameters<typeof startSimulated>[0],
): Promise<Connected & { host: StartedHost }> {
  const host = await startSimulated({ apiKey: KEY, ...options });
  return { host, ...connect(host.listener.port) };
}

const timeout = () => AbortSignal.timeout(10_000);

/** The failure that a request ends with. The test fails when it succeeds. */
export async function failureOf(
  outcomes: Promise<Outcome<unknown>>,
): Promise<Failure & { cause: any }> {
  const outcome = await outcomes;
  if (outcome.kind === 'ok') expect.fail(`expected a failure but received ${inspect(outcome)}`);
  return outcome;
}
