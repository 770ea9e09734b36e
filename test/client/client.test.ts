import { generateText } from 'ai';
import { describe, expect, it } from 'vitest';
import { fromOpencodeRef, toOpencodeRef } from '../../src/client/client.ts';
import { chat, startHost, states } from '../demo/host-fixture.ts';
import { makeApp } from '../make-app.ts';
import { connectTo } from './client-fixture.ts';

const at = ({ url }: { url: string }) => new URL(url).host;

/** A client of an app with two upstreams that have the same models. */
async function setUp(settings: Record<string, string> = {}) {
  const [a, b] = await Promise.all([startHost({ name: 'host-a' }), startHost({ name: 'host-b' })]);
  const PROVIDERS = `a=llama-swap://${at(a)} b=llama-swap://${at(b)}`;
  return { a, b, paddock: connectTo(makeApp({ PROVIDERS, ...settings })) };
}

const idsOf = (entries: readonly { id: string }[]) => entries.map(({ id }) => id);

describe('the client', () => {
  it('reads the catalog, and refreshes it on request', async () => {
    const { b, paddock } = await setUp();
    const statuses = async (options?: { refresh: boolean }) =>
      (await paddock.models(options)).providers.map(({ name, status }) => [name, status]);
    const online = [
      ['a', 'online'],
      ['b', 'online'],
    ];
    expect(await statuses()).toEqual(online);
    await b.listener.close();
    expect(await statuses()).toEqual(online);
    expect(await statuses({ refresh: false })).toEqual(online);
    expect(await statuses({ refresh: true })).toEqual([
      ['a', 'online'],
      ['b', 'offline'],
    ]);
    const [group] = (await paddock.models()).providers;
    expect(group?.models.find(({ id }) => id === 'a/small')).toMatchObject({
      name: 'Small',
      contextWindow: 4096,
      favorite: false,
    });
  });

  it('resolves IDs and roles', async () => {
    const settings = { MODEL_ALIASES: 'quick=b/small', TASK_MODEL: 'quick', ARENA_MODELS: 'eye' };
    const { paddock } = await setUp(settings);
    expect(await paddock.resolve('vendor/big:q4')).toMatchObject({
      id: 'a/vendor/big:q4',
      provider: 'a',
      model: 'vendor/big:q4',
      via: 'bare',
    });
    expect(await paddock.resolve({ role: 'task' })).toMatchObject({ id: 'b/small', via: 'alias' });
    const { arena, ...roles } = await paddock.roles();
    expect(roles).toMatchObject({ default: null, task: { id: 'b/small' }, compaction: null });
    expect(idsOf(arena)).toEqual(['a/eye']);
  });

  it('reads a context window without loading the model', async () => {
    const { b, paddock } = await setUp();
    const context = { id: 'b/small', contextWindow: 4096, contextSource: 'declared' };
    expect(await paddock.context('b/small')).toEqual(context);
    expect([...b.counts.loads]).toEqual([]);
  });

  it('adds, orders, lists and removes favorites', async () => {
    const { paddock } = await setUp();
    await paddock.models();
    expect(await paddock.favorites.list()).toEqual([]);
    const added = await paddock.favorites.add('eye');
    expect(added).toMatchObject({ id: 'a/eye', position: 0, available: true });
    expect(await paddock.favorites.add('a/eye')).toEqual(added);
    await paddock.favorites.add('b/small');
    expect(idsOf(await paddock.favorites.reorder(['b/small', 'eye']))).toEqual([
      'b/small',
      'a/eye',
    ]);
    expect(idsOf((await paddock.models()).favorites)).toEqual(['b/small', 'a/eye']);
    // The second call gets a 204 too.
    expect(await paddock.favorites.remove('eye')).toBeUndefined();
    expect(await paddock.favorites.remove('eye')).toBeUndefined();
    expect(idsOf(await paddock.favorites.list())).toEqual(['b/small']);
  });

  it('unloads one model, and all models of a provider', async () => {
    const { a, b, paddock } = await setUp();
    for (const { url } of [a, b]) expect((await chat(url, { model: 'small' })).status).toBe(200);
    expect(await paddock.unload('tiny')).toEqual({ provider: 'a', model: 'tiny' });
    expect([states(a), states(b)]).toEqual([[], [['small', 'ready']]]);
    expect(await paddock.unloadAll('b')).toEqual({ provider: 'b', model: null });
    expect(states(b)).toEqual([]);
  });

  it('reads the doctor’s findings', async () => {
    const { b, paddock } = await setUp();
    expect(await paddock.doctor()).toMatchObject({
      ok: true,
      hosts: [{ name: 'a' }, { name: 'b' }],
    });
    await b.listener.close();
    const { ok, findings } = await paddock.doctor();
    expect(ok).toBe(false);
    expect(findings).toContainEqual({
      level: 'fault',
      subject: 'b',
      code: 'provider_unreachable',
      message: expect.stringMatching(/^b could not be reached/u),
    });
  });

  it('reads a configuration for opencode, and converts its references', async () => {
    const { paddock } = await setUp({ DEFAULT_MODEL: 'b/small' });
    const { model = '', provider } = await paddock.opencodeConfig();
    expect(provider.paddock.options.baseURL).toBe('http://paddock/v1');
    expect(provider.paddock.models).toHaveProperty(['b/vendor/big:q4']);
    expect(fromOpencodeRef(model)).toBe('b/small');
    expect(toOpencodeRef('b/small')).toBe(model);
  });

  it('creates a language model for the AI SDK', async () => {
    const { b, paddock } = await setUp();
    const model = paddock.languageModel('b/small');
    const { text } = await generateText({ model, prompt: 'Good day', maxRetries: 0 });
    expect(text).toContain('host-b');
    expect([...b.counts.loads]).toEqual([['small', 1]]);
  });
});
