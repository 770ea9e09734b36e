import type { ListedModel, ModelState } from '../../src/catalog/model.ts';
import { readModelList } from '../../src/catalog/read-model-list.ts';

/** The states that `/running` reports, by model, or null. */
export type Running = ReadonlyMap<string, ModelState> | null;

/** Reads the models of a list with these records. */
export function read(records: unknown, running: Running = null): readonly ListedModel[] {
  const loaded =
    running === null
      ? null
      : new Map([...running].map(([name, state]) => [name, { state, commandContext: null }]));
  const models = readModelList(
    { object: 'list', data: records },
    { provider: 'lab', running: loaded },
  );
  if (models === null) throw new Error('Expected models but received null');
  return models;
}

/** Reads the model of a list with one record. */
export function readOne(record: object, running: Running = null): ListedModel | undefined {
  return read([{ id: 'q', ...record }], running)[0];
}
