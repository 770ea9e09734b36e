import { expect, it } from 'vitest';
import { GatewayError } from '../../../ui/fleet/gateway-error.ts';
import { toSections } from '../../../ui/picker/to-sections.ts';
import { toListDescription, toOptionLabel, toErrorLabel } from '../../../ui/picker/words.ts';
import { groupOf, modelOf } from '../../catalog/samples.ts';
import { catalogOf, catalogWithoutLab, NOW } from './fleet-catalog.ts';

it('labels an option with everything that its row shows', () => {
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
] as const)('labels an option with its kind: %s of %s', (kind, peer, expected) => {
  const model = modelOf('lab/gpt', { kind, peer, state: 'unknown' });
  const providers = [groupOf('lab', { label: 'Lab', models: [model] })];
  const { options } = toSections(catalogOf({ favorites: [], providers }), NOW);
  expect(options.map(toOptionLabel)).toEqual([expected]);
});

it('shows the error of an online group before its options', () => {
  const error = { code: 'too_many_models', message: 'Lab lists more than 10,000 models.' };
  const providers = [groupOf('lab', { label: 'Lab', models: [modelOf('lab/gpt')], error })];
  const { list } = toSections(catalogOf({ favorites: [], providers }), NOW);
  const rows = list.flatMap((section) => section.rows);
  expect(rows).toMatchObject([
    { kind: 'notice', text: error.message },
    { kind: 'option', model: { id: 'lab/gpt' } },
  ]);
});

it('labels an option without details by name and host', () => {
  const { options } = toSections(catalogOf(), NOW);
  expect(toOptionLabel(options[2]!)).toBe('gpt, Desk');
});

it('describes the list with its keys and all notices', () => {
  expect(toListDescription(toSections(catalogWithoutLab(), NOW))).toBe(
    'Type to filter by name, ID or provider. Alt+F adds a model to the favorites or removes it. Alt+Up and Alt+Down move a favorite. 1 favorite is hidden: its host is offline. Lab: offline · last seen 2 min ago · lab could not be reached.',
  );
});

it.each([
  ['a missing key', 401, false, false, 'The gateway requires a key.'],
  ['a wrong key', 401, true, false, 'The gateway does not accept this key.'],
  ['a gateway that does not answer', null, false, false, 'It is away.'],
  [
    'a gateway that does not answer any more',
    null,
    false,
    true,
    'It is away. The list may be out of date.',
  ],
])('describes %s', (_name, status, hasKey, hasList, expected) => {
  const error = new GatewayError('It is away.', { status, code: null });
  expect(toErrorLabel(error, { hasKey, hasList })).toBe(expected);
});
