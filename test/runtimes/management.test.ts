import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, type Listener } from '../../demo/listen.ts';
import { createLlamaSwapHost, type LlamaSwapHost } from '../../demo/llama-swap-host.ts';
import { chat } from '../demo/host-fixture.ts';
import { listen as listenTo } from './listen-events.ts';
import { openRaw } from '../raw-socket.ts';
import { RUNTIMES, type Instance, type Runtime } from './runtimes.ts';

const MODELS = [
  { id: 'org/sized:q4', runtimeContext: 16_384, loadMs: 5 },
  { id: 'other', loadMs: 5 },
  { id: 'slow', unlisted: true, loadMs: 1500 },
];

describe.each(RUNTIMES)('the management API on %s', (name, make) => {
  let host: LlamaSwapHost;
  /** The requests for a load that ended before their answer. */
  let abandoned = 0;
  let listener: Listener;
  let runtime: Runtime;
  let paddock: Instance;
  let settings: Record<string, string>;

  beforeAll(async () => {
    host = createLlamaSwapHost({ name: 'a', models: MODELS, tokensPerSecond: 5000 });
    const { fetch: answer } = host;
    listener = await listen((request) => {
      if (request.url.endsWith('/slow/health')) {
        request.signal.addEventListener('abort', () => (abandoned += 1));
      }
      return answer(request);
    });
    settings = {
      PROVIDERS: `a=llama-swap://${new URL(listener.url).host} cloud=openai://127.0.0.1:9`,
      DEFAULT_MODEL: 'org/sized:q4',
      ARENA_MODELS: 'other, a/gone',
    };
    runtime = await make();
    paddock = await runtime.start(settings);
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await listener.close();
  });

  const ask = (path: string, init?: RequestInit) => fetch(paddock.url + path, init);
  const read = async (path: string): Promise<any> => (await ask(path)).json();
  const post = (path: string, body: object) =>
    ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('reads the context window of a loaded model once, and loads no model for it', async () => {
    expect((await read('/api/context?model=a/org/sized:q4')).contextSource).toBe('unknown');
    expect(host.counts.loads.size).toBe(0);
    const readContext = () => read('/api/context?model=a/org%2Fsized:q4');
    await chat(listener.url, { model: 'org/sized:q4' });
    for (let round = 0; round < 3; round += 1) await read('/api/models?refresh=1');
    expect((await readContext()).contextSource).toBe('unknown');
    for (let round = 0; round < 3; round += 1) {
      await (await chat(paddock.url, { model: 'a/org/sized:q4' })).text();
      await expect.poll(readContext, { timeout: 5000 }).toEqual({
        id: 'a/org/sized:q4',
        contextWindow: 16_384,
        contextSource: 'loaded',
      });
    }
    expect(host.counts.requests.get('GET /upstream/org%2Fsized%3Aq4/props')).toBe(1);
  });

  it('lists running models and unloads them by ID', async () => {
    const { running } = await read('/api/providers/a/running');
    expect(running).toMatchObject([{ model: 'org/sized:q4', state: 'ready' }]);
    expect(running[0]).not.toHaveProperty('cmd');
    const answer = await post('/api/unload', { model: 'a/org/sized:q4' });
    expect(await answer.json()).toEqual({ provider: 'a', model: 'org/sized:q4' });
    expect(host.running()).toEqual([]);
    expect((await post('/api/providers/a/unload', {})).status).toBe(200);
    expect((await post('/api/unload', { model: 'a/nothing' })).status).toBe(404);
    expect((await post('/api/unload', { model: 'cloud/x' })).status).toBe(409);
  });

  it('serves llama-swap’s clients: states, running models, unloading', async () => {
    const { events } = await listenTo(paddock, 'llama-swap');
    const states = () =>
      events
        .map(({ data }) => JSON.parse(data))
        .filter(({ type }) => type === 'modelStatus')
        .map(({ data }) => JSON.parse(data).map(({ id, state }: any) => `${id} ${state}`))
        .at(-1);
    await expect.poll(states).toEqual(['a/org/sized:q4 stopped', 'a/other stopped']);
    expect(await (await post('/models/load', { model: 'a/other' })).json()).toEqual({
      success: true,
    });
    await expect.poll(states).toContain('a/other ready');
    expect((await read('/running')).running).toEqual([
      { model: 'a/other', state: 'ready', ttl: 0, name: 'other', description: '' },
    ]);
    const unload = await ask('/api/models/unload/a/other', { method: 'POST' });
    expect([unload.status, await unload.text()]).toEqual([200, 'OK']);
    await expect.poll(states).toContain('a/other stopped');
    expect(await read('/running')).toEqual({ running: [] });
    const all = await ask('/api/models/unload', { method: 'POST' });
    expect(await all.json()).toEqual({ msg: 'ok' });
    expect(await (await post('/models/unload', { model: 'a/other' })).json()).toEqual({
      success: true,
    });
    expect(await read('/models')).toEqual(await read('/v1/models'));
    expect((await read('/api/version')).version).toBe('250.0.0');
  });

  it('keeps a learned context window after an unload and a restart', async () => {
    await read('/api/models?refresh=1');
    expect((await read('/api/context?model=org/sized:q4')).contextSource).toBe('learned');
    await paddock.stop();
    paddock = await runtime.start(settings);
    expect(await read('/api/context?model=org/sized:q4')).toMatchObject({
      contextWindow: 16_384,
      contextSource: 'learned',
    });
    expect(host.counts.loads.get('org/sized:q4')).toBe(1);
  });

  it('shows loads and unloads immediately', async () => {
    const states = async () => {
      const { providers } = await read('/api/models');
      return providers[0].models.map(({ state }: any) => state);
    };
    expect(await states()).toEqual(['stopped', 'stopped']);
    await (await chat(paddock.url, { model: 'a/other' })).text();
    expect(await states()).toEqual(['stopped', 'ready']);
    await (await chat(paddock.url, { model: 'a/org/sized:q4', stream: true })).text();
    expect(await states()).toEqual(['ready', 'stopped']);
    await post('/api/unload', { model: 'a/org/sized:q4' });
    expect(await states()).toEqual(['stopped', 'stopped']);
  });

  it('loads a model without generating, and continues when its client disconnects', async () => {
    const load = await post('/api/load', { model: 'a/other' });
    expect(await load.json()).toMatchObject({ id: 'a/other', provider: 'a', model: 'other' });
    expect((await read('/api/models')).providers[0].models[1].state).toBe('ready');

    const path = 'GET /upstream/slow/health';
    const body = JSON.stringify({ model: 'a/slow' });
    const { socket } = openRaw(
      paddock.url,
      `POST /api/load HTTP/1.1\r\nhost: ${new URL(paddock.url).host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await expect.poll(() => host.running().map(({ state }) => state)).toEqual(['starting']);
    // workerd notices only a reset.
    socket.resetAndDestroy();
    await expect.poll(() => abandoned).toBe(1);
    const loads = [1, 2].map(() => post('/api/load', { model: 'a/slow' }));
    expect((await Promise.all(loads)).map(({ status }) => status)).toEqual([200, 200]);
    expect(host.counts.requests.get(path)).toBe(2);
    expect(host.counts.loads.get('slow')).toBe(1);
    await post('/api/providers/a/unload', {});
  });

  it('shows the log of one model, and follows it until its client disconnects or Paddock stops', async () => {
    const log = await ask('/api/providers/a/logs?model=other');
    expect([log.status, await log.text()]).toEqual([200, expect.stringContaining('other.gguf')]);

    const client = new AbortController();
    const { signal } = client;
    const following = await ask('/api/providers/a/logs?model=other&follow=1', { signal });
    if (name === 'workerd') {
      const { error } = (await following.json()) as any;
      return expect([following.status, error.code]).toEqual([501, 'unsupported_by_runtime']);
    }
    const reader = following.body!.getReader();
    const decoder = new TextDecoder();
    let text = '';
    const readUntil = async (words: string) => {
      while (!text.includes(words)) text += decoder.decode((await reader.read()).value);
    };
    await readUntil('listening');
    text = '';
    await (await chat(paddock.url, { model: 'a/other' })).text();
    await readUntil('request: POST /v1/chat/completions');
    client.abort();
    await expect.poll(() => host.logReaders()).toBe(0);

    // No headers come before the first line of an empty log.
    const silent = await ask('/api/providers/a/logs?model=org/sized:q4&follow=1');
    await expect.poll(() => host.logReaders()).toBe(1);
    await silent.body?.cancel();
    await expect.poll(() => host.logReaders()).toBe(0);

    const last = await ask('/api/providers/a/logs?follow=1');
    await paddock.stop();
    expect(await last.text()).toContain('[INFO]');
    paddock = await runtime.start(settings);
  });

  it('resolves roles and reports drift', async () => {
    await read('/api/models');
    const { roles } = await read('/api/roles');
    expect([roles.default.id, roles.task.id, roles.compaction.id]).toEqual(
      Array.from({ length: 3 }, () => 'a/org/sized:q4'),
    );
    expect(roles.arena.map(({ id, drift }: any) => [id, drift])).toEqual([
      ['a/other', undefined],
      ['a/gone', true],
    ]);
    expect((await ask('/api/resolve?role=nobody')).status).toBe(400);
  });

  it('creates an opencode configuration with the address of the request', async () => {
    const { provider, model } = await read('/api/opencode.json');
    expect(provider.paddock.options.baseURL).toBe(`${new URL(paddock.url).origin}/v1`);
    expect(Object.keys(provider.paddock.models)).toEqual(['a/org/sized:q4', 'a/other']);
    expect(model).toBe('paddock/a/org/sized:q4');
  });

  it('reports faults of providers and settings', async () => {
    const { ok, findings } = await read('/api/doctor');
    expect(ok).toBe(false);
    expect(findings.map(({ subject, code }: any) => [subject, code])).toEqual([
      ['cloud', 'provider_unreachable'],
      ['ARENA_MODELS', 'drift'],
    ]);
  });
});
