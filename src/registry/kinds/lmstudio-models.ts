import { isAbsent, type Failure, type Outcome } from '../outcome.ts';
import type { Ask } from '../own-request.ts';
import { type ListRecord, toPlainRecord } from '../provider-models.ts';
import { CURRENT, OLD, toCurrent, toOld, type LmStudioModel } from './lmstudio-bodies.ts';
import { cutText, LONGEST_DESCRIPTION, LONGEST_NAME } from './wire-values.ts';

/** The models of an LM Studio, as its release lists them. */
export interface LmStudioList {
  /** The entries of its list, unchecked: there may be 10,000. */
  readonly entries: readonly unknown[];
  /** Whether its release loads and unloads models on request. */
  readonly isCurrent: boolean;
  /** The model of an entry; null if no request can name it. */
  readonly toModel: (entry: unknown) => LmStudioModel | null;
}

/** The failure of a release that neither loads nor unloads models on request. */
export const TOO_OLD: Failure = {
  kind: 'unsupported',
  reason: 'is too old to load and unload models on request: update it to 0.4 or later',
  cause: null,
};

/** Reads the list of an LM Studio, from 0.3.6 on. No request makes it load a model. */
export async function readLmStudio(ask: Ask): Promise<Outcome<LmStudioList>> {
  const current = await ask({ path: '/api/v1/models', body: CURRENT, readsErrors: true });
  if (current.kind === 'ok') {
    return { kind: 'ok', value: { entries: current.value, isCurrent: true, toModel: toCurrent } };
  }
  if (!isMissing(current)) return current;
  const old = await ask({ path: '/api/v0/models', body: OLD, readsErrors: true });
  if (old.kind !== 'ok') return old;
  return { kind: 'ok', value: { entries: old.value, isCurrent: false, toModel: toOld } };
}

/** Whether the answer shows that a release does not have a route. */
export function isMissing(outcome: Outcome<unknown>): boolean {
  return isAbsent(outcome) || (outcome.kind === 'unexpected' && !outcome.isTooLarge);
}

/** Returns the model with a name, or with a loaded instance of that name; null if there is none. */
export function findModel({ entries, toModel }: LmStudioList, name: string): LmStudioModel | null {
  const key = entries.find((entry) => [Object(entry).key, Object(entry).id].includes(name));
  const found =
    key ??
    entries.find((entry) => toModel(entry)?.instances.some((instance) => instance.id === name));
  return found === undefined ? null : toModel(found);
}

/** Returns the models with a loaded instance. */
export function findLoaded({ entries, toModel }: LmStudioList): LmStudioModel[] {
  return entries.flatMap((entry) => {
    const { loaded_instances: instances, state } = Object(entry);
    if (Array.isArray(instances) ? instances.length === 0 : state === 'not-loaded') return [];
    const model = toModel(entry);
    return model === null || model.instances.length === 0 ? [] : [model];
  });
}

/** Converts a model to a record. */
export function toRecord(model: LmStudioModel): ListRecord {
  const { id, name, description, capabilities, hasVision, maxContext, instances } = model;
  const isEmbedding = capabilities.includes('embedding');
  return {
    ...toPlainRecord(id),
    name: name === null ? null : cutText(name, LONGEST_NAME),
    description: description === null ? null : cutText(description, LONGEST_DESCRIPTION),
    capabilities,
    modalities: isEmbedding
      ? { input: [], output: [] }
      : { input: hasVision ? ['text', 'image'] : ['text'], output: ['text'] },
    maxContext,
    aliases: instances.map((instance) => instance.id).filter((instance) => instance !== id),
  };
}
