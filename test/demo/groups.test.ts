import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ModelGroup } from '../../demo/model-groups.ts';
import { chat, send, startHost, states, until } from './host-fixture.ts';

const MODELS = ['llm', 'other', 'embed', 'rerank'].map((id) => ({ id, loadMs: 20 }));
const SMALL = { swap: false, exclusive: false, members: ['embed', 'rerank'] };

const start = (groups: ModelGroup[], loaded: string[]) =>
  startHost({ models: MODELS, groups, loaded });
const embed = (url: string, model = 'embed') => send(`${url}/v1/embeddings`, { model, input: 'x' });
const running = (host: Parameters<typeof states>[0]) => states(host).map(([model]) => model);

describe('groups', () => {
  test('load a member that is not exclusive without unloading others', async () => {
    const host = await start([SMALL], ['llm']);
    expect((await embed(host.url)).status).toBe(200);
    expect((await embed(host.url, 'rerank')).status).toBe(200);
    expect(running(host)).toEqual(['embed', 'llm', 'rerank']);
  });

  test.each([
    ['a chat', '/v1/chat/completions'],
    ['its own server’s /props', '/upstream/llm/props'],
    ['/props', '/props?model=llm'],
  ])('are applied again by %s for a ready model', async (_what, path) => {
    const host = await start([SMALL], ['llm', 'embed']);
    const isChat = path.startsWith('/v1');
    await (isChat ? chat(host.url, { model: 'llm' }) : fetch(host.url + path));
    expect(running(host)).toEqual(['llm']);
    expect([...host.counts.loads]).toEqual([]);
  });

  test('unload nothing for a request to a member that is not exclusive', async () => {
    const host = await start([SMALL], ['llm', 'embed']);
    expect((await fetch(`${host.url}/upstream/embed/props`)).status).toBe(200);
    expect(running(host)).toEqual(['embed', 'llm']);
  });

  test('keep persistent members loaded', async () => {
    const host = await start([{ ...SMALL, persistent: true }], ['llm', 'embed']);
    await chat(host.url, { model: 'other' });
    expect(running(host)).toEqual(['embed', 'other']);
  });

  test('do not unload a busy model', async () => {
    const host = await start([SMALL], ['embed']);
    const working = new AbortController();
    const stream = await chat(
      host.url,
      { model: 'embed', stream: true },
      { signal: working.signal },
    );
    const waiting = chat(host.url, { model: 'llm' });
    await until(() => host.counts.requests.get('POST /v1/chat/completions') === 2);
    expect(running(host)).toEqual(['embed']);
    await stream.text();
    expect((await waiting).status).toBe(200);
    expect(running(host)).toEqual(['llm']);
  });
});

test('unloads a model after its time to live without requests', async () => {
  const host = await startHost({ models: [{ id: 'brief', loadMs: 10, ttl: 0.3 }] });
  for (let round = 0; round < 4; round += 1) {
    await chat(host.url, { model: 'brief' });
    await sleep(150);
  }
  expect([...host.counts.loads]).toEqual([['brief', 1]]);
  await until(() => host.running().length === 0);
});

describe('a profile', () => {
  const profiles = [{ id: 'swapped', pins: { llm: 'embed', other: '' } }];
  const startPinned = () => startHost({ models: MODELS, profiles, activeProfile: 'swapped' });

  test.each([
    ['a chat', '/v1/chat/completions'],
    ['/upstream', '/upstream/llm/health'],
  ])('loads the pinned model for %s', async (_what, path) => {
    const host = await startPinned();
    const isChat = path.startsWith('/v1');
    const answer = await (isChat ? chat(host.url, { model: 'llm' }) : fetch(host.url + path));
    expect(answer.status).toBe(200);
    expect([...host.counts.loads]).toEqual([['embed', 1]]);
  });

  test('answers 404 for a name that is pinned to nothing', async () => {
    const host = await startPinned();
    expect((await chat(host.url, { model: 'other' })).status).toBe(404);
    expect((await fetch(`${host.url}/upstream/other/health`)).status).toBe(404);
  });

  test('can be listed and changed', async () => {
    const host = await startPinned();
    const read = async () => (await fetch(`${host.url}/api/profiles`)).json();
    expect(await read()).toEqual({
      active: 'swapped',
      profiles: [{ id: 'swapped', description: '', pins: { llm: 'embed', other: '' } }],
    });
    const set = (name: string | null) =>
      fetch(`${host.url}/api/profiles/active`, { method: 'PUT', body: JSON.stringify({ name }) });
    expect((await set('none')).status).toBe(404);
    expect(await (await set(null)).json()).toEqual({ active: null });
    await chat(host.url, { model: 'llm' });
    expect([...host.counts.loads]).toEqual([['llm', 1]]);
  });
});
