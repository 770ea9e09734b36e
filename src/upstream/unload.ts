import type { Provider } from '../registry/provider.ts';
import { MODEL_LIST, RUNNING_ENTRIES, UNLOADED } from './bodies.ts';
import { toModelSegment } from './model-segment.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { RequestUpstream } from './request-upstream.ts';

/** What is unloaded, and how the provider is asked. */
interface Unload {
  readonly requestUpstream: RequestUpstream;
  /** An ID or an alias of the provider's own; null for all models. */
  readonly model: string | null;
  readonly signal: AbortSignal;
}

const UNLOAD = '/api/models/unload';
const TOO_OLD: Failure = { kind: 'too-old', cause: null };
const NOTHING = { kind: 'ok', value: null } as const;

/**
 * Stops a model of a llama-swap, or all of them; kills their work in flight, and waits for their end.
 * @throws {PaddockError} `invalid_model_id` where no path can name the model
 */
export async function unload(provider: Provider, unloading: Unload): Promise<Outcome<unknown>> {
  const { requestUpstream, model, signal } = unloading;
  const path = model === null ? UNLOAD : `${UNLOAD}/${toModelSegment(model)}`;
  const means = { signal, body: UNLOADED, readsErrors: true };
  const outcome = await requestUpstream(provider, { method: 'POST', path, ...means });
  const isOld = model === null ? isAbsent(outcome) : isMissingRoute(outcome);
  if (!isOld) return outcome;
  if (model !== null) {
    const alone = await runsAlone(provider, { ...unloading, model });
    if (alone.kind !== 'ok') return alone;
    if (!alone.value) return NOTHING;
  }
  return requestUpstream(provider, { path: '/unload', ...means });
}

/**
 * Whether a model is all that the old `GET /unload` would stop; false where it does not run. Another that is loaded
 * after this was asked is stopped nevertheless: those releases have nothing better. From v113 on they do not stop what
 * is still starting, and list no such model; from v107 to v112 they do once its first request is answered.
 */
async function runsAlone(
  provider: Provider,
  { requestUpstream, model, signal }: Unload & { readonly model: string },
): Promise<Outcome<boolean>> {
  const answer = await requestUpstream(provider, {
    path: '/running',
    signal,
    body: RUNNING_ENTRIES,
    readsErrors: true,
  });
  // Before v94 nothing says what is loaded, and a profile could load several at once.
  if (answer.kind !== 'ok') return isMissingRoute(answer) ? TOO_OLD : answer;
  // From v94 to v106 models stand there that have stopped.
  const running = answer.value.running.filter(({ state }) => state !== 'stopped');
  if (running.length === 0) return { kind: 'ok', value: false };
  if (running.some((one) => one['model'] === model)) {
    return running.length === 1 ? { kind: 'ok', value: true } : TOO_OLD;
  }
  // Listed, it has a name of its own; otherwise it may be an alias of what runs: before v173 none is listed.
  const list = await requestUpstream(provider, {
    path: '/v1/models',
    signal,
    body: MODEL_LIST,
    readsErrors: true,
  });
  if (list.kind !== 'ok') return list;
  const isListed = list.value.data.some((record) => Object(record).id === model);
  return isListed ? { kind: 'ok', value: false } : TOO_OLD;
}

function isAbsent(outcome: Outcome<unknown>): boolean {
  return outcome.kind === 'status' && (outcome.status === 404 || outcome.status === 405);
}

/**
 * Whether llama-swap's router does not know the route, and not the route the model. Until v125 and since v224 the router
 * says so; in between it says nothing at all.
 */
function isMissingRoute(outcome: Outcome<unknown>): boolean {
  if (outcome.kind !== 'status' || !isAbsent(outcome)) return false;
  return outcome.status === 405 || ['', '404 page not found'].includes(outcome.body.trim());
}
