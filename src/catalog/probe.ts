import { PROVIDER_KINDS, type Provider } from '../registry/provider.ts';
import { toCredentials } from '../upstream/credentials.ts';
import type { Fetch } from '../fetch.ts';
import { getJson, type JsonAnswer } from '../upstream/get-json.ts';
import type { Clock } from '../clock.ts';
import type { LoadedContext } from './loaded-context.ts';
import type { LoadMemory } from './load-memory.ts';
import type { ListedModel } from './model.ts';
import { toOverlongNote, toProbeFault, type ProbeFault } from './probe-fault.ts';
import { toModels } from './read-model-list.ts';
import { readPins } from './read-pins.ts';
import { isOverlong, MOST_MODELS, readRecords, type ListRecord } from './read-records.ts';
import { readRunning } from './read-running.ts';
import type { Slices } from './slices.ts';

/** A probe reads no more of an answer than this. */
const MAX_PROBE_BYTES = 8 * 1024 * 1024;

/** How many entries of what a provider lists are read: of models one more than are listed, which shows that there are more. */
const MOST_ENTRIES = { data: MOST_MODELS + 1, running: 1000, profiles: 1000 } as const;

/** What is known of the context windows of models that are loaded now, by the provider's own names for them. */
export type LoadedContexts = ReadonlyMap<string, LoadedContext>;

/** What one probe found out about one provider. */
export type ProbeResult =
  | {
      readonly status: 'online';
      /** What is amiss with its list, or null. */
      readonly error: ProbeFault['error'] | null;
      /** How long `/v1/models` took, in milliseconds. */
      readonly latencyMs: number;
      readonly models: readonly ListedModel[];
      readonly loaded: LoadedContexts;
    }
  | (ProbeFault & {
      readonly latencyMs: null;
      readonly models: readonly [];
      readonly loaded: LoadedContexts;
    });

const NONE: LoadedContexts = new Map();
const NO_PINS: ReadonlyMap<string, string> = new Map();

/** What a probe works with. */
interface ProbeMeans {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly loads: LoadMemory;
  readonly slices: Slices;
}

/** Asks a host for a path, within the time and size of a probe. */
type Ask = (path: string, list: keyof typeof MOST_ENTRIES) => Promise<JsonAnswer>;

/**
 * Asks a provider what it serves and what it has loaded, side by side, within its own timeout. Never throws. It asks no
 * model's own server, so it never makes a provider load, swap, evict or keep a model.
 */
export async function probeProvider(
  provider: Provider,
  { fetch, clock, loads, slices }: ProbeMeans,
): Promise<ProbeResult> {
  const signal = AbortSignal.timeout(provider.timeoutMs);
  const headers = toCredentials(provider);
  const { run } = slices;
  const ask: Ask = (path, list) => {
    const large = { list, mostEntries: MOST_ENTRIES[list], run };
    const url = provider.baseUrl + path;
    return getJson({ fetch, url, headers, signal, maxBytes: MAX_PROBE_BYTES, large });
  };

  const known = loads(provider.name);
  const look = known.begin();
  const startedAt = clock.monotonic();
  let latencyMs = 0;
  const listing = ask('/v1/models', 'data').then((answer) => {
    latencyMs = Math.round(clock.monotonic() - startedAt);
    return answer;
  });
  const loading = PROVIDER_KINDS[provider.kind].running
    ? ask('/running', 'running').then((answer) => {
        // A provider that does not say what is loaded is listed all the same.
        const running = answer.kind === 'json' ? readRunning(answer.value) : null;
        if (running !== null) known.see(look, running);
        return running;
      })
    : null;
  const [list, running] = await Promise.all([listing, loading]);
  const loaded = running === null ? NONE : known.read(running);

  const { name } = provider;
  const records = list.kind === 'json' ? await run(readRecords(list.value, name)) : null;
  if (records === null) {
    return { ...toProbeFault(list, provider), latencyMs: null, models: [], loaded: NONE };
  }
  const pins = await findPins(records, ask);
  const models = await run(toModels(records, { running, pins }));
  const isWhole = list.kind !== 'json' || !isOverlong(list.value);
  const error = isWhole ? null : toOverlongNote(provider);
  return { status: 'online', error, latencyMs, models, loaded };
}

/** What the active profile makes of names. It is asked for only where the list says that one is active. */
async function findPins(
  records: ReadonlyMap<string, ListRecord>,
  ask: Ask,
): Promise<ReadonlyMap<string, string>> {
  if (![...records.values()].some(({ type }) => type === 'profile')) return NO_PINS;
  const answer = await ask('/api/profiles', 'profiles');
  return answer.kind === 'json' ? readPins(answer.value) : NO_PINS;
}
