import { DONE, type Outcome } from '../outcome.ts';
import type { Ask } from '../own-request.ts';
import type { Change } from '../provider-kind.ts';
import { llamaSwapRunning } from './llama-swap-running.ts';
import { toModelSegment } from './model-segment.ts';

/**
 * Loads a model of a llama-swap: a request to the model's own server is answered once the server is ready, and its health
 * check generates nothing. Aborting the request does not end the load.
 * @throws {PaddockError} `invalid_model_id` if a path cannot carry the model's name
 */
export async function loadLlamaSwap(
  ask: Ask,
  { model }: Change<string>,
): Promise<Outcome<unknown>> {
  const path = `/upstream/${toModelSegment(model)}/health`;
  // A request to a model that is ready can still evict others.
  if (await isReady(ask, model)) return DONE;
  const outcome = await ask({ path, readsErrors: true });
  if (outcome.kind !== 'status' || outcome.status >= 500) return outcome;
  // Not every model server has `/health`: another answer of its own also shows that it runs.
  if (await isReady(ask, model)) return DONE;
  // Old releases answer 400 for a model that they do not have.
  return outcome.status === 400 ? { ...outcome, status: 404 } : outcome;
}

async function isReady(ask: Ask, model: string): Promise<boolean> {
  const running = await llamaSwapRunning.read(ask);
  return running.kind === 'ok' && running.value.get(model)?.state === 'ready';
}
