import { indexRecords, type ListContext } from './follow-pointers.ts';
import type { ListedModel } from './model.ts';
import type { ListRecord } from '../registry/provider-models.ts';
import { sortInSteps } from './sort-in-steps.ts';
import type { Steps } from '../steps.ts';
import { toListedModel } from './to-listed-model.ts';

// Compares digits as numbers, so that qwen3-8b precedes qwen3-27b. The locale is fixed, so that all runtimes agree.
const byId = new Intl.Collator('en', { numeric: true });

/** The number of records that are converted in one step. */
const STEP = 50;

/** Converts records to models and sorts them. */
export function* toModels(
  records: ReadonlyMap<string, ListRecord>,
  context: ListContext,
): Steps<readonly ListedModel[]> {
  const index = yield* indexRecords(records, context);
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
