import { describe, expect, it } from 'vitest';
import { resolveChosen, type ListedChoice } from '../../../ui/picker/resolve-chosen.ts';
import { groupOf } from '../../catalog/samples.ts';
import { catalogOf, catalogWithoutLab } from './fleet-catalog.ts';

const resolve = (value: string, catalog = catalogOf(), before: ListedChoice | null = null) =>
  resolveChosen(value, { catalog, before });

describe("a picker's value", () => {
  it.each([
    ['a composite ID', 'lab/gpt', 'lab/gpt'],
    ['a composite ID with slashes in the model', 'lab/org/big', 'lab/org/big'],
    ['a bare ID of the default provider', 'gpt', 'desk/gpt'],
    ['an ID with spaces around it', ' gpt ', 'desk/gpt'],
    ['an alias of its host', 'lab/default', 'lab/org/big'],
    ['a bare alias of the default provider', 'default', 'desk/qwen'],
    ['an alias of the settings', 'fast', 'lab/gpt'],
  ])('resolves %s', (_name, value, id) => {
    expect(resolve(value)).toMatchObject({ kind: 'listed', model: { id } });
  });

  it('that is empty resolves to none', () => {
    expect(resolve(' ')).toEqual({ kind: 'none' });
  });

  it('is shown unchanged until the gateway has answered', () => {
    expect(resolveChosen('lab/gpt', { catalog: null, before: null })).toEqual({
      kind: 'unknown',
      name: 'lab/gpt',
    });
  });

  const gone = 'lab could not be reached.';
  it.each([
    ['an offline host', 'lab/gpt', 'gpt', 'Lab', gone],
    ['a host that does not list it', 'desk/gone', 'gone', 'Desk', 'Desk does not list this model.'],
    ['an unknown bare ID', 'org/gone', 'org/gone', null, 'No host lists this model.'],
  ])('shows %s as the reason that a model is unavailable', (_name, value, name, host, reason) => {
    expect(resolve(value, catalogWithoutLab())).toEqual({
      kind: 'unavailable',
      name,
      host,
      reason,
    });
  });

  it('keeps the name and the host of a model that becomes unavailable', () => {
    const before = resolve('fast') as ListedChoice;
    expect(resolve('fast', catalogWithoutLab(), before)).toEqual({
      kind: 'unavailable',
      name: 'gpt',
      host: 'Lab',
      reason: gone,
    });
  });

  it('has no provider without a default provider', () => {
    const catalog = catalogOf({ providers: [groupOf('cloud')] });
    expect(resolve('gone', catalog)).toEqual({
      kind: 'unavailable',
      name: 'gone',
      host: null,
      reason: 'No host lists this model.',
    });
  });
});
