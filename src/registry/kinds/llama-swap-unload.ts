import { DONE, isAbsent, type Failure, type Outcome } from '../outcome.ts';
import type { Ask } from '../own-request.ts';
import type { Change } from '../provider-kind.ts';
import { RUNNING_ENTRIES, CHANGED } from './llama-swap-bodies.ts';
import { toModelSegment } from './model-segment.ts';
import { MODEL_LIST } from './openai-list.ts';

const UNLOAD = '/api/models/unload';
const TOO_OLD: Failure = {
  kind: 'unsupported',
  reason:
    'is too old to unload a single model: update it to v161 or later, or unload all its models',
  cause: null,
};

/**
 * Unloads one model of a llama-swap, or all of them: aborts their requests in flight and waits until they have stopped.
 * @throws {PaddockError} `invalid_model_id` if a path cannot carry the model's name
 */
export async function unloadLlamaSwap(
  ask: Ask,
  { model }: Change<string | null>,
): Promise<Outcome<unknown>> {
  const path = model === null ? UNLOAD : `${UNLOAD}/${toModelSegment(model)}`;
  const expected = { body: CHANGED, readsErrors: true };
  const outcome = await ask({ method: 'POST', path, ...expected });
  const isOld = model === null ? isAbsent(outcome) : isMissingRoute(outcome);
  if (!isOld) return outcome;
  if (model !== null) {
    const alone = await runsAlone(ask, model);
    if (alone.kind !== 'ok') return alone;
    if (!alone.value) return DONE;
  }
  return ask({ path: '/unload', ...expected });
}

/**
 * Whether the old `GET /unload` would stop only this model; false if the model does not run. A model that is loaded after
 * this check is stopped too: old releases offer no better way. From v113 on, they neither stop nor list a model that is
 * still starting; from v107 to v112, they stop it once its first request is answered.
 */
async function runsAlone(ask: Ask, model: string): Promise<Outcome<boolean>> {
  const answer = await ask({ path: '/running', body: RUNNING_ENTRIES, readsErrors: true });
  // Before v94, llama-swap does not report which models are loaded, and a profile can load several at once.
  if (answer.kind !== 'ok') return isMissingRoute(answer) ? TOO_OLD : answer;
  // Releases v94 to v106 also list models that have stopped.
  const running = answer.value.running.filter(({ state }) => state !== 'stopped');
  if (running.length === 0) return { kind: 'ok', value: false };
  if (running.some((one) => one['model'] === model)) {
    return running.length === 1 ? { kind: 'ok', value: true } : TOO_OLD;
  }
  // A listed name is a model's own. An unlisted one may be an alias of the running model: aliases are listed since v173.
  const list = await ask({ path: '/v1/models', body: MODEL_LIST, readsErrors: true });
  if (list.kind !== 'ok') return list;
  const isListed = list.value.data.some((record) => Object(record).id === model);
  return isListed ? { kind: 'ok', value: false } : TOO_OLD;
}

/**
 * Whether the 404 or 405 means that llama-swap's router does not know the route, and not that the route does not know
 * the model. Until v125 and since v224, the router's body says so; in between, the body is empty.
 */
function isMissingRoute(outcome: Outcome<unknown>): boolean {
  if (!isAbsent(outcome)) return false;
  return outcome.status === 405 || ['', '404 page not found'].includes(outcome.body.trim());
}
