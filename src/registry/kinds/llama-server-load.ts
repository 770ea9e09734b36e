import { DONE, toUnlisted, type Failure, type Outcome } from '../outcome.ts';
import type { Ask } from '../own-request.ts';
import type { Change } from '../provider-kind.ts';
import { findLoaded, findModel, readList } from './llama-server-models.ts';

const SINGLE: Failure = {
  kind: 'unsupported',
  reason: 'serves a single model and cannot unload it: start it without a model, in router mode',
  cause: null,
};

/**
 * Loads a model of a llama-server in router mode, which answers before the model is ready. A llama-server without a router
 * has its only model from the start.
 */
export async function loadLlamaServer(
  ask: Ask,
  { model, pause }: Change<string>,
): Promise<Outcome<unknown>> {
  for (let isAsked = false; ;) {
    const list = await readList(ask);
    if (list.kind !== 'ok') return list;
    const found = findModel(list.value, model);
    if (found === null) return toUnlisted(model);
    if (found.state === 'ready' || !list.value.isRouter) return DONE;
    if (found.state === 'starting') {
      await pause();
      continue;
    }
    if (isAsked) return { kind: 'load-failed', cause: new Error(`${model} is not loaded`) };
    if (found.isSleeping) {
      const stopped = await unloadLlamaServer(ask, { model, pause });
      if (stopped.kind !== 'ok') return stopped;
    }
    const asked = await askRouter(ask, { path: '/models/load', model: found.id });
    if (asked.kind !== 'ok') return asked;
    isAsked = true;
  }
}

/** Unloads a model of a llama-server in router mode, or all (null), and waits until their servers have ended. */
export async function unloadLlamaServer(
  ask: Ask,
  { model, pause }: Change<string | null>,
): Promise<Outcome<unknown>> {
  const asked = new Set<string>();
  for (;;) {
    const list = await readList(ask);
    if (list.kind !== 'ok') return list;
    if (!list.value.isRouter) return SINGLE;
    const found = model === null ? null : findModel(list.value, model);
    if (model !== null && found === null) return toUnlisted(model);
    const isLoaded = found !== null && (found.state !== 'stopped' || found.isSleeping);
    const loaded = model === null ? findLoaded(list.value) : isLoaded ? [found] : [];
    if (loaded.length === 0) return DONE;
    for (const { id } of loaded) {
      if (asked.has(id)) continue;
      asked.add(id);
      const outcome = await askRouter(ask, { path: '/models/unload', model: id });
      if (outcome.kind !== 'ok') return outcome;
    }
    await pause();
  }
}

async function askRouter(
  ask: Ask,
  { path, model }: { path: string; model: string },
): Promise<Outcome<unknown>> {
  const outcome = await ask({ method: 'POST', path, json: { model }, readsErrors: true });
  // The model's state has changed since the list: the next list shows it.
  return outcome.kind === 'status' && outcome.status === 400 ? DONE : outcome;
}
