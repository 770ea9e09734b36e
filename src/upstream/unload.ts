import type { Provider } from '../registry/provider.ts';
import { MODEL_LIST, RUNNING_ENTRIES, UNLOADED } from './bodies.ts';
import { toModelSegment } from './model-segment.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { RequestUpstream } from './request-upstream.ts';

interface Unload {
  readonly requestUpstream: RequestUpstream;
  /** The provider's own ID or alias of the model; null for all models. */
  readonly model: string | null;
  readonly signal: AbortSignal;
}

const UNLOAD = '/api/models/unload';
const TOO_OLD: Failure = { kind: 'too-old', cause: null };
const NOTHING = { kind: 'ok', value: null } as const;

/**
 * Unloads one model of a llama-swap, or all of them: aborts their requests in flight and waits until they have stopped.
 * @throws {PaddockError} `invalid_model_id` if a path cannot carry the model's name
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
 * Whether the old `GET /unload` would stop only this model; false if the model does not run. A model that is loaded after
 * this check is stopped too: old releases offer no better way. From v113 on, they neither stop nor list a model that is
 * still starting; from v107 to v112, they stop it once its first request is answered.
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
  // Before v94, llama-swap does not report which models are loaded, and a profile can load several at once.
  if (answer.kind !== 'ok') return isMissingRoute(answer) ? TOO_OLD : answer;
  // Releases v94 to v106 also list models that have stopped.
  const running = answer.value.running.filter(({ state }) => state !== 'stopped');
  if (running.length === 0) return { kind: 'ok', value: false };
  if (running.some((one) => one['model'] === model)) {
    return running.length === 1 ? { kind: 'ok', value: true } : TOO_OLD;
  }
  // A listed name is a model's own. An unlisted one may be an alias of the running model: aliases are listed since v173.
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
 * Whether the 404 or 405 means that llama-swap's router does not know the route, and not that the route does not know
 * the model. Until v125 and since v224, the router's body says so; in between, the body is empty.
 */
function isMissingRoute(outcome: Outcome<unknown>): boolean {
  if (outcome.kind !== 'status' || !isAbsent(outcome)) return false;
  return outcome.status === 405 || ['', '404 page not found'].includes(outcome.body.trim());
}
