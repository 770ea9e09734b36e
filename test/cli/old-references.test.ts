import { expect, it } from 'vitest';
import { findOldReferences } from '../../src/cli/old-references.ts';
import type { Resolution } from '../../src/client/client.ts';

const available: Record<string, boolean | null> = { m: true, gone: false, unasked: null };

/** A client of a Paddock whose default provider is `desk`. It cannot resolve `bad`. */
const paddock = {
  resolve: async (id: unknown) => {
    if (id === 'bad') throw new Error('The model ID is not one.');
    return { id: `desk/${id}`, provider: 'desk', available: available[String(id)] } as Resolution;
  },
};

it.each([
  ['m', 'its "model" is llama-swap/m, which is paddock/desk/m now'],
  ['unasked', 'its "model" is llama-swap/unasked, which is paddock/desk/unasked now'],
  [
    'gone',
    'its "model" is llama-swap/gone, which is paddock/desk/gone now, though desk does not list it',
  ],
])('reports the new reference for llama-swap/%s', async (model, hint) => {
  expect(await findOldReferences({ model: `llama-swap/${model}` }, paddock)).toEqual([hint]);
});

it('checks both keys', async () => {
  const config = { small_model: 'llama-swap/m', model: 'llama-swap/m' };
  expect(await findOldReferences(config, paddock)).toEqual([
    expect.stringContaining('its "model"'),
    expect.stringContaining('its "small_model"'),
  ]);
});

it.each([
  'paddock/desk/m',
  'anthropic/claude',
  'llama-swap',
  'llama-swap/',
  'llama-swap/bad',
  '',
  null,
  7,
  undefined,
])('reports nothing for %j', async (model) => {
  expect(await findOldReferences({ model, agent: 'llama-swap/m' }, paddock)).toEqual([]);
});
