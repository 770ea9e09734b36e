import * as v from 'valibot';
import { MODEL_LIST } from '../upstream/bodies.ts';
import { indexRecords, type BesideList } from './follow-pointers.ts';
import type { ListedModel } from './model.ts';
import { readRecords, type ListRecord } from './read-records.ts';
import { sortInSteps } from './sort-in-steps.ts';
import { finish, type Steps } from './steps.ts';
import { toListedModel } from './to-listed-model.ts';

// Digits as numbers, so that qwen3-8b stands before qwen3-27b; the locale is fixed, so that all runtimes agree.
const byId = new Intl.Collator('en', { numeric: true });

/** How many records become models in one step. */
const STEP = 50;

/**
 * Reads a provider's `/v1/models` at once, sorted, each model once; null where it is no model list.
 * @param options.provider the provider's name
 */
export function readModelList(
  value: unknown,
  {
    provider,
    running,
    pins = new Map(),
  }: { provider: string } & Pick<BesideList, 'running'> & Partial<BesideList>,
): readonly ListedModel[] | null {
  const list = v.safeParse(MODEL_LIST.schema, value);
  if (!list.success) return null;
  const records = finish(readRecords(list.output, provider));
  return finish(toModels(records, { running, pins }));
}

/** Makes models of records, sorted. */
export function* toModels(
  records: ReadonlyMap<string, ListRecord>,
  beside: BesideList,
): Steps<readonly ListedModel[]> {
  const index = yield* indexRecords(records, beside);
  const models: ListedModel[] = [];
  for (const record of records.values()) {
    if (models.length % STEP === STEP - 1) yield;
    models.push(toListedModel(record, index));
  }
  return yield* sortInSteps(models, compareIds);
}

function compareIds(a: ListedModel, b: ListedModel): number {
  return byId.compare(a.model, b.model) || (a.model < b.model ? -1 : 1);
}
