import * as v from 'valibot';
import { findIdFault } from '../../resolve/composite-id.ts';
import { DONE, type Outcome } from '../outcome.ts';
import type { Ask } from '../own-request.ts';
import type { Change, RunningReader } from '../provider-kind.ts';
import type { RunningModel } from '../provider-models.ts';
import { PROCESS, PS } from './ollama-bodies.ts';

type Process = v.InferOutput<typeof PROCESS>;

async function readProcesses(ask: Ask): Promise<Outcome<readonly Process[]>> {
  const outcome = await ask({ path: '/api/ps', body: PS, readsErrors: true });
  if (outcome.kind !== 'ok') return outcome;
  const processes = outcome.value.flatMap((entry) => {
    const { success, output } = v.safeParse(PROCESS, entry);
    return success && findIdFault(output.name) === null ? [output] : [];
  });
  return { kind: 'ok', value: processes };
}

/** The loaded models of an Ollama. It does not tell models that load from those that are ready. */
export const ollamaRunning: RunningReader = {
  async read(ask) {
    const found = await readProcesses(ask);
    if (found.kind !== 'ok') return found;
    const models = found.value.map(({ name, context_length: window }): [string, RunningModel] => [
      name,
      { state: 'ready', commandContext: window },
    ]);
    return { kind: 'ok', value: new Map(models) };
  },
  async show(ask) {
    const found = await readProcesses(ask);
    if (found.kind !== 'ok') return found;
    const running = found.value.map(({ name, context_length: window }) => ({
      model: name,
      state: 'ready',
      ...(window !== null && { context_length: window }),
    }));
    return { kind: 'ok', value: { running } };
  },
};

/** Loads a model of an Ollama. A request without a prompt or an input generates nothing. */
export async function loadOllama(ask: Ask, { model }: Change<string>): Promise<Outcome<unknown>> {
  const json = { model, stream: false };
  const outcome = await ask({ method: 'POST', path: '/api/generate', json, readsErrors: true });
  // Embedding models do not generate.
  const isRefused = outcome.kind === 'status' && outcome.status === 400;
  if (!isRefused) return outcome;
  return ask({ method: 'POST', path: '/api/embed', json: { model }, readsErrors: true });
}

/** Unloads a model of an Ollama, or all (null), and waits until they are out of memory. A busy model first finishes its requests. */
export async function unloadOllama(
  ask: Ask,
  { model, pause }: Change<string | null>,
): Promise<Outcome<unknown>> {
  let names = model === null ? null : [model];
  for (;;) {
    const found = await readProcesses(ask);
    if (found.kind !== 'ok') return found;
    const loaded = found.value.map(({ name }) => name);
    if (names === null || names.length > 0) {
      for (const name of names ?? loaded) {
        const json = { model: name, keep_alive: 0, stream: false };
        const path = '/api/generate';
        const outcome = await ask({ method: 'POST', path, json, readsErrors: true });
        if (outcome.kind !== 'ok') return outcome;
      }
      names = [];
    }
    const stays = (name: string) => model === null || toFullName(model) === toFullName(name);
    if (!loaded.some(stays)) return DONE;
    await pause();
  }
}

/** Adds the tag that Ollama adds to a name without one. */
function toFullName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).includes(':') ? name : `${name}:latest`;
}
