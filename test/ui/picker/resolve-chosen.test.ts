import { describe, expect, it } from 'vitest';
import { resolveChosen, type ListedChoice } from '../../../ui/picker/resolve-chosen.ts';
import { groupOf } from '../../catalog/samples.ts';
import { catalogOf, catalogWithoutLab } from './fleet-catalog.ts';

const resolve = (value: string, catalog = catalogOf(), before: ListedChoice | null = null) =>
  resolveChosen(value, { catalog, before });

describe("a picker's value", () => {
  it.each([
    ['a composite ID', 'lab/gpt', 'lab/gpt'],
    ['one whose model has slashes', 'lab/org/big', 'lab/org/big'],
    ["a bare ID, which is the default provider's", 'gpt', 'desk/gpt'],
    ['with space around it', ' gpt ', 'desk/gpt'],
    ["another name that the model's host has for it", 'lab/default', 'lab/org/big'],
    ["the same, bare, which is the default provider's", 'default', 'desk/qwen'],
    ['an alias of the settings', 'fast', 'lab/gpt'],
  ])('means %s', (_name, value, id) => {
    expect(resolve(value)).toMatchObject({ kind: 'listed', model: { id } });
  });

  it('that is empty means nothing', () => {
    expect(resolve(' ')).toEqual({ kind: 'none' });
  });

  it('is shown as it is until the gateway has answered', () => {
    expect(resolveChosen('lab/gpt', { catalog: null, before: null })).toEqual({
      kind: 'unknown',
      name: 'lab/gpt',
    });
  });

  const gone = 'lab could not be reached.';
  it.each([
    ['a host that is away', 'lab/gpt', 'gpt', 'Lab', gone],
    ['a host that does not list it', 'desk/gone', 'gone', 'Desk', 'Desk does not list this model.'],
    ['a bare ID that nobody knows', 'org/gone', 'org/gone', null, 'No host lists this model.'],
  ])('names %s as the reason that a model is unavailable', (_name, value, name, host, reason) => {
    expect(resolve(value, catalogWithoutLab())).toEqual({
      kind: 'unavailable',
      name,
      host,
      reason,
    });
  });

  it('keeps the name and the host of what it meant when that goes', () => {
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
