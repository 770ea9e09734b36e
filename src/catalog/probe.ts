import { within, type Clock } from '../clock.ts';
import type { Provider } from '../registry/provider.ts';
import { MAX_MODELS, type Lacking, type RunningModels } from '../registry/provider-models.ts';
import type { Ask } from '../registry/own-request.ts';
import { toOutcomeError } from '../upstream/outcome-error.ts';
import { askProvider, type RequestUpstream } from '../upstream/request-upstream.ts';
import type { Fault, ProviderStatus } from './catalog.ts';
import type { LoadedContext } from './loaded-context.ts';
import type { LoadMemory } from './load-memory.ts';
import type { ListedModel } from './model.ts';
import { toModels } from './to-models.ts';
import type { Slices } from './slices.ts';

/** The facts known about models that are loaded now, by the provider's own names. */
export type LoadedContexts = ReadonlyMap<string, LoadedContext>;

/** The result of one probe of one provider. */
export type ProbeResult =
  | {
      readonly status: 'online';
      readonly error: Fault | null;
      /** The time until the list, in milliseconds. */
      readonly latencyMs: number;
      readonly models: readonly ListedModel[];
      /** The loaded models, also those that the list hides; absent if the provider does not report them. */
      readonly running?: RunningModels;
      /** The capabilities of its kind that the provider lacks. */
      readonly lacks?: Lacking;
      readonly loaded: LoadedContexts;
    }
  | {
      readonly status: Exclude<ProviderStatus, 'online'>;
      readonly error: Fault;
      readonly latencyMs: null;
      readonly models: readonly [];
      readonly lacks?: Lacking;
      readonly loaded: LoadedContexts;
    };

const NONE: LoadedContexts = new Map();

interface ProbeDependencies {
  readonly requestUpstream: RequestUpstream;
  readonly clock: Clock;
  readonly loads: LoadMemory;
  readonly slices: Slices;
}

/** Requests a provider's list and running models within its timeout. Never throws; never makes it load a model. */
export function probeProvider(
  provider: Provider,
  dependencies: ProbeDependencies,
): Promise<ProbeResult> {
  const { clock } = dependencies;
  const { timeoutMs: milliseconds } = provider;
  return within({ clock, milliseconds }, (signal) => probe(provider, { ...dependencies, signal }));
}

async function probe(
  provider: Provider,
  {
    requestUpstream,
    clock,
    loads,
    slices,
    signal,
  }: ProbeDependencies & { readonly signal: AbortSignal },
): Promise<ProbeResult> {
  const { name, kind } = provider;
  const known = loads(name);
  const check = known.beginCheck();
  const startedAt = clock.monotonic();
  const ask = askProvider(provider, { requestUpstream, signal });
  let latencyMs: number | null = null;
  const askForList: Ask = async (request) => {
    const outcome = await ask(request);
    latencyMs ??= Math.round(clock.monotonic() - startedAt);
    return outcome;
  };
  const listing = kind.list(askForList, {
    provider: name,
    run: slices.run,
    learned: known.learned,
  });
  const loading = kind.running?.read(ask).then((outcome) => {
    // A provider that does not report its running models is still listed.
    if (outcome.kind !== 'ok') return null;
    known.endCheck(check, outcome.value);
    return outcome.value;
  });
  const [list, running = null] = await Promise.all([listing, loading]);
  const loaded = running === null ? NONE : known.read(running);

  if (list.kind !== 'ok') {
    const { code, message } = toOutcomeError(list, { provider, purpose: 'probe' });
    const isInvalid = code === 'invalid_response';
    const status = code === 'unauthorized' ? code : isInvalid ? 'invalid' : 'offline';
    return { status, error: { code, message }, latencyMs: null, models: [], loaded: NONE };
  }
  const { records, pins, isCut, lacks = [] } = list.value;
  const models = await slices.run(toModels(records, { running, pins }));
  const error = isCut ? toOverlongError(name) : null;
  return {
    status: 'online',
    error,
    latencyMs: latencyMs ?? 0,
    models,
    lacks,
    ...(running !== null && { running }),
    loaded,
  };
}

function toOverlongError(name: string): Fault {
  const max = MAX_MODELS.toLocaleString('en');
  const message = `${name} lists more than ${max} models: the first ${max} are shown. Use the others by their names.`;
  return { code: 'too_many_models', message };
}
