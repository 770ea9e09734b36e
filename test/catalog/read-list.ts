import type { ModelState } from '../../src/registry/provider-models.ts';
import { safeParse } from 'valibot';
import type { ListContext } from '../../src/catalog/follow-pointers.ts';
import type { ListedModel } from '../../src/catalog/model.ts';
import { toModels } from '../../src/catalog/to-models.ts';
import { MODEL_LIST } from '../../src/registry/kinds/openai-list.ts';
import { readRecords } from '../../src/registry/kinds/openai-records.ts';
import { finish } from '../../src/steps.ts';

/** The states that `/running` reports, by model, or null. */
export type Running = ReadonlyMap<string, ModelState> | null;

/** Reads the models of an answer of `/v1/models`; returns null if it is not a model list. */
export function readModelList(
  value: unknown,
  options: { provider: string } & Pick<ListContext, 'running'> & Partial<ListContext>,
): readonly ListedModel[] | null {
  const list = safeParse(MODEL_LIST.schema, value);
  if (!list.success) return null;
  const { provider, running, pins = new Map() } = options;
  return finish(toModels(finish(readRecords(list.output, provider)), { running, pins }));
}

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
