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
  ['m', '"model" is llama-swap/m: in Paddock it is paddock/desk/m'],
  ['unasked', '"model" is llama-swap/unasked: in Paddock it is paddock/desk/unasked'],
  [
    'gone',
    '"model" is llama-swap/gone: in Paddock it is paddock/desk/gone, but desk does not list it',
  ],
])('reports the new reference for llama-swap/%s', async (model, hint) => {
  expect(await findOldReferences({ model: `llama-swap/${model}` }, paddock)).toEqual([hint]);
});

it('checks both keys', async () => {
  const config = { small_model: 'llama-swap/m', model: 'llama-swap/m' };
  expect(await findOldReferences(config, paddock)).toEqual([
    expect.stringContaining('"model" is'),
    expect.stringContaining('"small_model" is'),
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
