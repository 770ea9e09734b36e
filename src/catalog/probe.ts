import { PROVIDER_KINDS, type Provider } from '../registry/provider.ts';
import { toCredentials } from '../upstream/credentials.ts';
import { getJson, type Fetch, type JsonAnswer } from '../upstream/get-json.ts';
import type { Clock } from './clock.ts';
import type { ListedModel } from './model.ts';
import { toProbeFault, type ProbeFault } from './probe-fault.ts';
import { readModelList } from './read-model-list.ts';
import { readRunning } from './read-running.ts';

/** A probe reads no more of an answer than this. */
const MAX_PROBE_BYTES = 8 * 1024 * 1024;

/** What one probe found out about one provider. */
export type ProbeResult =
  | {
      readonly status: 'online';
      readonly error: null;
      /** How long `/v1/models` took, in milliseconds. */
      readonly latencyMs: number;
      readonly models: readonly ListedModel[];
    }
  | (ProbeFault & { readonly latencyMs: null; readonly models: readonly [] });

/** Asks a provider what it serves and what it has loaded, side by side, within its own timeout. Never throws. */
export async function probeProvider(
  provider: Provider,
  { fetch, clock }: { fetch: Fetch; clock: Clock },
): Promise<ProbeResult> {
  const signal = AbortSignal.timeout(provider.timeoutMs);
  const headers = toCredentials(provider);
  const ask = (path: string) =>
    getJson({ fetch, url: provider.baseUrl + path, headers, signal, maxBytes: MAX_PROBE_BYTES });

  const startedAt = clock.monotonic();
  let latencyMs = 0;
  const listing = ask('/v1/models').then((answer) => {
    latencyMs = Math.round(clock.monotonic() - startedAt);
    return answer;
  });
  const running = PROVIDER_KINDS[provider.kind].running ? ask('/running') : Promise.resolve(null);
  const [list, loaded] = await Promise.all([listing, running]);
  return toResult({ provider, list, loaded, latencyMs });
}

function toResult(answers: {
  provider: Provider;
  list: JsonAnswer;
  loaded: JsonAnswer | null;
  latencyMs: number;
}): ProbeResult {
  const { provider, list, loaded, latencyMs } = answers;
  // A host that does not say what is loaded is listed all the same.
  const states = loaded?.kind === 'json' ? readRunning(loaded.value) : null;
  const models =
    list.kind === 'json'
      ? readModelList(list.value, { provider: provider.name, running: states })
      : null;
  if (models !== null) return { status: 'online', error: null, latencyMs, models };
  return { ...toProbeFault(list, provider), latencyMs: null, models: [] };
}
