// The gateway's decisions about a request: reading the body's top level, resolving the model, renaming it, and the headers
// both ways. Its argument is a RoutingJob; it prints RoutingFigures.

import { createRegistry } from '../catalog/create-registry.ts';
import { CHAT_PATH, toRequestBody } from '../gateway/exchanges.ts';
import type { RoutingFigures, RoutingJob } from '../gateway/routing-stage.ts';
import { readJob } from '../load/run-job.ts';
import { endWithParent } from '../shared/end-with-parent.ts';
import { median } from '../shared/quantile.ts';
import { toClientHeaders, toUpstreamHeaders } from '../../src/gateway/headers.ts';
import { parseJsonBody } from '../../src/gateway/json-body.ts';
import { splitUrl, toInferenceTarget } from '../../src/gateway/target.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { requireProvider } from '../../src/registry/require-provider.ts';

const URL = `http://127.0.0.1:8400${CHAT_PATH}`;

/** The requests of one run. */
const REQUESTS = 2000;
const WARM_UP_RUNS = 10;

// What real clients and a real llama-swap send.
const CLIENT_HEADERS = {
  host: '127.0.0.1:8400',
  connection: 'keep-alive',
  accept: 'application/json',
  'content-type': 'application/json',
  'user-agent': 'OpenAI/JS 6.49.0',
  'x-stainless-arch': 'x64',
  'x-stainless-lang': 'js',
  'x-stainless-os': 'Linux',
  'x-stainless-package-version': '6.49.0',
  'x-stainless-retry-count': '0',
  'x-stainless-runtime': 'node',
  'x-stainless-runtime-version': 'v20.20.2',
  'x-stainless-timeout': '600',
  authorization: 'Bearer no-key',
  'content-length': '1000',
};
const UPSTREAM_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': '400',
  server: 'llama.cpp',
  'access-control-allow-origin': '*',
  date: 'Thu, 01 Jan 2026 00:00:00 GMT',
};

endWithParent();
const { sizes, runs } = readJob<RoutingJob>();
console.log(JSON.stringify({ rows: measureRouting() } satisfies RoutingFigures));
process.exit(0);

/** Measures fleets of some sizes in turn. Each figure is the median of its runs. */
function measureRouting(): RoutingFigures['rows'] {
  const fleets = sizes.map((providers) => {
    const registry = createRegistry(providers);
    // The last provider, which a search would find last.
    const body = toRequestBody('chat', `host-${providers - 1}/qwen3-coder-30b-a3b`);
    return { providers, registry, body, times: [] as number[] };
  });
  for (let run = -WARM_UP_RUNS; run < runs; run += 1) {
    for (const { registry, body, times } of fleets) {
      const time = timeRun(registry, body);
      if (run >= 0) times.push(time);
    }
  }
  return fleets.map(({ providers, body, times }) => ({
    providers,
    bodyBytes: body.length,
    microseconds: median(times),
  }));
}

/** Microseconds per request. */
function timeRun(registry: Registry, body: Buffer): number {
  // A body is edited in place, so each request has its own.
  const bodies = Array.from({ length: REQUESTS }, () => new Uint8Array(body));
  let sent = 0;
  const startedAt = performance.now();
  for (const bytes of bodies) sent += route(registry, bytes);
  const microseconds = (performance.now() - startedAt) * 1000;
  if (sent !== REQUESTS) throw new Error('A request was routed wrongly');
  return microseconds / REQUESTS;
}

/** Makes all decisions of the gateway about one request and its answer. Returns 1 if they are right. */
function route(registry: Registry, bytes: Uint8Array): number {
  const url = splitUrl(URL);
  const body = parseJsonBody(bytes);
  const { provider, resolved } = requireProvider(body.model ?? '', registry);
  const maxTokens = url.path === CHAT_PATH && provider.kind.maxTokens;
  const target = toInferenceTarget(provider, url);
  const sent = body.withModel(resolved.model, { maxTokens });
  const headers = toUpstreamHeaders(CLIENT_HEADERS, { own: target.credentials, length: null });
  const answer: Record<string, string> = {
    'x-paddock-provider': provider.name,
    'x-paddock-model': resolved.model,
  };
  const own = toClientHeaders(UPSTREAM_HEADERS, answer);
  const isRight =
    sent.length < bytes.length &&
    headers['authorization'] === 'Bearer no-key' &&
    own['x-paddock-provider'] === provider.name;
  return isRight ? 1 : 0;
}
