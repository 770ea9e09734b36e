import { describe, expect, test } from 'vitest';
import { chat, getJson, startHost, states, until } from './host-fixture.ts';

interface RunningBody {
  running: { model: string; state: string }[];
}

describe('loading', () => {
  test('shows starting, ready and stopping through /running', async () => {
    // Stops slowly enough for the polling below to see it.
    const eye = { id: 'eye', loadMs: 2000 };
    const small = { id: 'small', name: 'Small', loadMs: 60 };
    const host = await startHost({ models: [eye, small], loaded: 'eye' });
    const answered = chat(host.url, { model: 'small' });
    const seen = new Set<string>();
    while (!seen.has('small ready')) {
      const body = await getJson<RunningBody>(`${host.url}/running`);
      for (const { model, state } of body.running) seen.add(`${model} ${state}`);
    }
    expect((await answered).status).toBe(200);
    seen.delete('eye ready');
    expect([...seen]).toEqual(['eye stopping', 'small starting', 'small ready']);
    const { running } = await getJson<RunningBody>(`${host.url}/running`);
    expect(running).toEqual([
      {
        model: 'small',
        state: 'ready',
        cmd: expect.stringContaining('llama-server'),
        proxy: expect.stringMatching(/^http:\/\/localhost:\d+$/),
        ttl: 0,
        name: 'Small',
        description: '',
      },
    ]);
  });

  test('happens once for requests that wait for the same model, by id or alias', async () => {
    const host = await startHost();
    const replies = await Promise.all([
      chat(host.url, { model: 'small' }),
      chat(host.url, { model: 'tiny' }),
      chat(host.url, { model: 'small' }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([...host.counts.loads]).toEqual([['small', 1]]);
    await chat(host.url, { model: 'tiny' });
    expect(host.counts.loads.get('small')).toBe(1);
  });

  test('waits until the loaded model is idle, and serves queued requests model by model', async () => {
    const host = await startHost({ loaded: 'small', tokensPerSecond: 300 });
    const order: string[] = [];
    const complete = async (model: string) => {
      await (await chat(host.url, { model })).json();
      order.push(model);
    };
    const first = complete('small');
    await until(() => host.counts.requests.get('POST /v1/chat/completions') === 1);
    const rest = [complete('eye'), complete('vendor'), complete('eye')];
    await Promise.all([first, ...rest]);
    expect(order[0]).toBe('small');
    expect(host.counts.loads.get('eye')).toBe(1);
    expect(host.counts.loads.get('vendor')).toBe(1);
  });

  test('continues when its client leaves, while a queued request is dropped with its client', async () => {
    const host = await startHost();
    const leaver = new AbortController();
    const { signal } = leaver;
    const left = chat(host.url, { model: 'small' }, { signal }).catch(() => 'left');
    await until(() => states(host).some(([, state]) => state === 'starting'));
    const queued = chat(host.url, { model: 'eye' }, { signal }).catch(() => 'left');
    await until(() => host.counts.requests.get('POST /v1/chat/completions') === 2);
    leaver.abort();
    expect(await Promise.all([left, queued])).toEqual(['left', 'left']);
    await until(() => states(host).some(([, state]) => state === 'ready'));
    expect([...host.counts.loads]).toEqual([['small', 1]]);
    expect((await chat(host.url, { model: 'vendor' })).status).toBe(200);
    expect(host.counts.loads.has('eye')).toBe(false);
  });

  test('is refused with 429 and Retry-After when too many wait for one model', async () => {
    const host = await startHost({ concurrencyLimit: 2 });
    const replies = await Promise.all([1, 2, 3].map(() => chat(host.url, { model: 'small' })));
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(await refused[0]?.json()).toMatchObject({
      src: 'llama-swap',
      error: { type: 'rate_limit_error', code: 'concurrency_limit' },
    });
  });

  test('that fails is a 500 and leaves nothing running', async () => {
    const host = await startHost();
    const response = await chat(host.url, { model: 'broken' });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ error: { code: 'internal_error' } });
    expect(host.running()).toEqual([]);
  });

  test('is reported in reasoning chunks when sendLoadingState is set', async () => {
    const host = await startHost();
    const text = await (await chat(host.url, { model: 'chatty', stream: true })).text();
    const [first = ''] = text.split('\n\n');
    expect(JSON.parse(first.slice('data: '.length))).toEqual({
      choices: [{ delta: { reasoning_content: expect.stringContaining('chatty') } }],
    });
    expect(text).toMatch(/"content":.*data: \[DONE\]\n\n$/s);
    const broken = await chat(host.url, { model: 'chatty-broken', stream: true });
    expect(broken.status).toBe(200);
    const last = (await broken.text()).split('\n\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ src: 'llama-swap' });
  });
});
