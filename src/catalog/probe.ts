import { PROVIDER_KINDS, type Provider } from '../registry/provider.ts';
import { toCredentials } from '../upstream/credentials.ts';
import { toModelSegment } from '../upstream/model-segment.ts';
import type { Fetch } from '../upstream/ask.ts';
import { getJson, type JsonAnswer } from '../upstream/get-json.ts';
import type { Clock } from './clock.ts';
import type { LoadMemory } from './load-memory.ts';
import type { ListedModel } from './model.ts';
import { toOverlongNote, toProbeFault, type ProbeFault } from './probe-fault.ts';
import { toModels } from './read-model-list.ts';
import { readPins } from './read-pins.ts';
import { readProps } from './read-props.ts';
import { isOverlong, MOST_MODELS, readRecords, type ListRecord } from './read-records.ts';
import { readRunning, type RunningModel } from './read-running.ts';
import type { Slices } from './slices.ts';

/** A probe reads no more of an answer than this. */
const MAX_PROBE_BYTES = 8 * 1024 * 1024;

/** How many entries of what a provider lists are read: of models one more than are listed, which shows that there are more. */
const MOST_ENTRIES = { data: MOST_MODELS + 1, running: 1000, profiles: 1000, slots: 0 } as const;

/** Context windows of models that are loaded now, in tokens, by the host's own names for them. */
type LoadedContexts = ReadonlyMap<string, number>;

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
 * Asks a provider what it serves and what it has loaded, side by side, within its own timeout; of a model that has come
 * to be loaded, how large its context window is. Never throws, and never makes a host load, swap or keep a model.
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

  const startedAt = clock.monotonic();
  let latencyMs = 0;
  const listing = ask('/v1/models', 'data').then((answer) => {
    latencyMs = Math.round(clock.monotonic() - startedAt);
    return answer;
  });
  const loading = PROVIDER_KINDS[provider.kind].running
    ? ask('/running', 'running').then(async (answer) => {
        // A host that does not say what is loaded is listed all the same.
        const running = answer.kind === 'json' ? readRunning(answer.value) : null;
        const loaded =
          running === null ? NONE : await measureLoaded({ provider, running, loads }, ask);
        return { running, loaded };
      })
    : Promise.resolve({ running: null, loaded: NONE });
  const [list, { running, loaded }] = await Promise.all([listing, loading]);

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

/** The context windows of the models that are ready, by their command lines, else by their own servers, asked once. */
async function measureLoaded(
  host: { provider: Provider; running: ReadonlyMap<string, RunningModel>; loads: LoadMemory },
  ask: Ask,
): Promise<LoadedContexts> {
  const { provider, running, loads } = host;
  // What its owner has set is believed before anything that the host says.
  const isSet = provider.contextWindow !== null;
  const unasked = isSet ? [] : loads.takeUnasked(provider.name, running);
  await Promise.all(
    unasked.map(async (model) => {
      // This route starts a model that is not loaded. `/running` has only just said that it is, and has it once per
      // load alone; where a host swaps it out in that moment, the probe's own end takes the request out of its queue.
      const answer = await ask(`/upstream/${toModelSegment(model)}/props`, 'slots');
      if (answer.kind === 'json')
        loads.keep({ provider: provider.name, model }, readProps(answer.value));
    }),
  );
  return loads.read(provider.name, running);
}
