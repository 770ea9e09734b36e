import { describe, expect, it } from 'vitest';
import { chat, startHost, states } from '../demo/host-fixture.ts';
import { makeApp } from '../make-app.ts';
import { connectTo, failureOf } from './client-fixture.ts';

const NAMES = [
  ['slashes and a colon', 'vendor/family/model:q4'],
  ['spaces', 'a model of mine'],
  ['Unicode', 'ünï/模型 🐎'],
  ['a percent sign', '100%'],
  ['percent-encoded characters', 'vendor%2Fmodel%20'],
  ['query characters', 'what?a=b&c=d+e'],
  ['a hash', 'c#'],
  ['route pattern characters', ':id{x}*'],
  ['replacement patterns', '$&$1'],
  ['"index", which Hono’s client removes from paths', 'x/index'],
  ['quotes and a backslash', `it's "q"\\w`],
] as const;

describe('the client sends a model ID with', () => {
  it.each(NAMES)('%s', async (_name, model) => {
    const host = await startHost({ models: [{ id: model, contextLength: 4096, loadMs: 5 }] });
    const PROVIDERS = `a=llama-swap://${new URL(host.url).host}`;
    const paddock = connectTo(makeApp({ PROVIDERS, DEFAULT_MODEL: model }));
    const id = `a/${model}`;
    expect((await paddock.models()).providers[0]?.models).toMatchObject([{ id, model }]);
    const meaning = { id, provider: 'a', model, available: true };
    expect(await paddock.resolve(id)).toMatchObject({ ...meaning, via: 'composite' });
    expect(await paddock.resolve(model)).toMatchObject({ ...meaning, via: 'bare' });
    expect((await paddock.roles()).default).toMatchObject(meaning);
    expect(await paddock.context(id)).toMatchObject({ id, contextWindow: 4096 });

    const favorite = await paddock.favorites.add(model);
    expect(favorite).toMatchObject({ id, available: true });
    expect(await paddock.favorites.add(id)).toEqual(favorite);
    expect(await paddock.favorites.reorder([id])).toEqual([favorite]);
    await paddock.favorites.remove(id);
    expect(await paddock.favorites.list()).toEqual([]);

    expect((await chat(host.url, { model })).status).toBe(200);
    expect(await paddock.unload(id)).toEqual({ provider: 'a', model });
    expect(states(host)).toEqual([]);
  });

  it('no characters or a lone surrogate, and rejects with an error', async () => {
    const paddock = connectTo(makeApp({ PROVIDERS: 'a=llama-swap://127.0.0.1:1' }));
    expect(await failureOf(paddock.resolve(''))).toMatchObject({ code: 'invalid_model_id' });
    expect(await failureOf(paddock.favorites.add('half \ud83d'))).toBeInstanceOf(URIError);
    expect(await failureOf(paddock.unloadAll('half \ud83d'))).toBeInstanceOf(URIError);
  });
});
