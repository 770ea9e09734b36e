import { describe, expect, it } from 'vitest';
import { json, startHost, startModels, whileTesting } from '../hosts.ts';
import { makeApp } from '../make-app.ts';

const toNames = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

async function readProvider(count: number) {
  const host = await whileTesting(startModels(toNames(count)));
  const app = makeApp({ PROVIDERS: `big=llama-swap://127.0.0.1:${host.port}?timeout=20000` });
  const { providers } = await app.read('/api/models');
  return { app, provider: providers[0] };
}

describe('a list of too many models', () => {
  it('is truncated to 10,000 models, which the catalog, /api/providers and the doctor report', async () => {
    const { app, provider } = await readProvider(10_001);
    const message =
      'big lists more than 10,000 models: the first 10,000 are shown. Use the others by their names.';
    const error = { code: 'too_many_models', message };
    expect(provider).toMatchObject({ status: 'online', error });
    expect(provider.models).toHaveLength(10_000);
    expect(provider.models[0].id).toBe('big/m0');
    const { providers } = await app.read('/api/providers');
    expect(providers[0]).toMatchObject({ status: 'online', error, modelCount: 10_000 });
    const { ok, findings } = await app.read('/api/doctor');
    expect([ok, findings[0]]).toEqual([true, { level: 'warning', subject: 'big', ...error }]);
  });

  it('has more than 10,000: a list of 10,000 is complete', async () => {
    const { provider } = await readProvider(10_000);
    expect(provider).toMatchObject({ status: 'online', error: null });
    expect(provider.models).toHaveLength(10_000);
  });
});

describe('long texts in a list', () => {
  const MIB = 'x'.repeat(1 << 20);
  const LONG = 'x'.repeat(513);
  const record = {
    id: 'm',
    name: MIB,
    description: `${'🦙'.repeat(3000)}${MIB}`,
    capabilities: { vision: true, [MIB]: true },
    architecture: { input_modalities: ['text', LONG], output_modalities: ['text'], more: MIB },
    meta: { llamaswap: { type: 'peer', peerID: MIB, aliases: [LONG, 'short'] }, rest: [MIB] },
  };

  it('are truncated, and names that are too long are dropped', async () => {
    const host = await whileTesting(
      startHost({ '/v1/models': json({ object: 'list', data: [record, { id: 'n' }] }) }),
    );
    const app = makeApp({ PROVIDERS: `big=openai://127.0.0.1:${host.port}?timeout=20000` });
    const { providers } = await app.read('/api/models');
    const [m, n] = providers[0].models;
    expect(m.name).toBe(`${'x'.repeat(511)}…`);
    expect(m.description).toMatch(/^(?:🦙){2047}.?…$/u);
    expect(m).toMatchObject({
      kind: 'peer',
      peer: null,
      aliases: ['short'],
      capabilities: ['vision'],
      modalities: { input: ['text'], output: ['text'] },
    });
    expect(n.id).toBe('big/n');
  });
});
