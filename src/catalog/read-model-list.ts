import * as v from 'valibot';
import { MODEL_LIST } from '../upstream/bodies.ts';
import { indexRecords, type BesideList } from './follow-pointers.ts';
import type { ListedModel } from './model.ts';
import { readRecords, type ListRecord } from './read-records.ts';
import { sortInSteps } from './sort-in-steps.ts';
import { finish, type Steps } from './steps.ts';
import { toListedModel } from './to-listed-model.ts';

// Compares digits as numbers, so that qwen3-8b precedes qwen3-27b. The locale is fixed, so that all runtimes agree.
const byId = new Intl.Collator('en', { numeric: true });

/** The number of records that are converted in one step. */
const STEP = 50;

/**
 * Reads a provider's `/v1/models` without pausing. Returns each model once, sorted; null if it is not a model list.
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

/** Converts records to models and sorts them. */
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
