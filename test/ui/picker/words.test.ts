import { expect, it } from 'vitest';
import { GatewayError } from '../../../ui/fleet/gateway.ts';
import { toSections } from '../../../ui/picker/to-sections.ts';
import { toListDescription, toOptionLabel, toErrorLabel } from '../../../ui/picker/words.ts';
import { groupOf, modelOf } from '../../catalog/samples.ts';
import { catalogOf, catalogWithoutLab, NOW } from './fleet-catalog.ts';

it('an option says all that its row shows', () => {
  const model = modelOf('lab/gpt', {
    state: 'ready',
    contextWindow: 131_072,
    capabilities: ['function_calling', 'time_travel'],
    favorite: true,
  });
  const providers = [groupOf('lab', { label: 'Lab', models: [model] })];
  const { options } = toSections(catalogOf({ favorites: [], providers }), NOW);
  expect(options.map(toOptionLabel)).toEqual([
    'gpt, ready, 128k context, Lab, favorite, tool use, time travel',
  ]);
});

it.each([
  ['alias', null, 'gpt, alias, Lab'],
  ['selector', null, 'gpt, selector, Lab'],
  ['profile', null, 'gpt, profile, Lab'],
  ['peer', 'far', 'gpt, via far, Lab'],
  ['peer', null, 'gpt, peer, Lab'],
] as const)('an option that is no model of its own says so: %s of %s', (kind, peer, expected) => {
  const model = modelOf('lab/gpt', { kind, peer, state: 'unknown' });
  const providers = [groupOf('lab', { label: 'Lab', models: [model] })];
  const { options } = toSections(catalogOf({ favorites: [], providers }), NOW);
  expect(options.map(toOptionLabel)).toEqual([expected]);
});

it('a group that is online and not shown whole says so before its options', () => {
  const error = { code: 'too_many_models', message: 'Lab lists more than 10,000 models.' };
  const providers = [groupOf('lab', { label: 'Lab', models: [modelOf('lab/gpt')], error })];
  const { list } = toSections(catalogOf({ favorites: [], providers }), NOW);
  const rows = list.flatMap((section) => section.rows);
  expect(rows).toMatchObject([
    { kind: 'notice', text: error.message },
    { kind: 'option', model: { id: 'lab/gpt' } },
  ]);
});

it('an option of which little is known says no more', () => {
  const { options } = toSections(catalogOf(), NOW);
  expect(toOptionLabel(options[2]!)).toBe('gpt, Desk');
});

it('the list says how to star, and every line that is no option', () => {
  expect(toListDescription(toSections(catalogWithoutLab(), NOW))).toBe(
    'F adds a model to the favorites or removes it. 1 favorite is hidden: its host is offline. Lab: offline · last seen 2 min ago · lab could not be reached.',
  );
});

it.each([
  ['a missing key', 401, false, false, 'The gateway requires a key.'],
  ['a wrong key', 401, true, false, 'The gateway does not accept this key.'],
  ['a gateway that is away', null, false, false, 'It is away.'],
  ['one that had given a list', null, false, true, 'It is away. The list may be out of date.'],
])('the error with %s is told', (_name, status, hasKey, hasList, expected) => {
  const error = new GatewayError('It is away.', { status, code: null });
  expect(toErrorLabel(error, { hasKey, hasList })).toBe(expected);
});
