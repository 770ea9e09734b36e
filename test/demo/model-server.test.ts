import { describe, expect, test } from 'vitest';
import { chat, getJson, readReply, startHost } from './host-fixture.ts';
import type { ReplyBody } from './host-fixture.ts';

describe('a chat reply', () => {
  test('names the host and the model and counts tokens', async () => {
    const host = await startHost();
    const response = await chat(host.url, { model: 'tiny' });
    const reply = (await response.json()) as ReplyBody;
    expect(reply).toMatchObject({ object: 'chat.completion', model: 'tiny' });
    expect(reply.choices[0]?.message.content).toMatch(/small.*test-host.*How are you\?/s);
    const { prompt_tokens: prompt, completion_tokens: completion, total_tokens } = reply.usage;
    expect(prompt + completion).toBe(total_tokens);
    expect(response.headers.get('content-length')).not.toBeNull();
  });

  test('comes from the peer for a peer’s model, and loads nothing', async () => {
    const host = await startHost();
    const reply = await readReply(host.url, { model: 'friend/far' });
    expect(reply.choices[0]?.message.content).toContain('answering from friend');
    expect(host.counts.loads.size).toBe(0);
  });

  test('arrives chunk by chunk when streamed', async () => {
    const host = await startHost({
      loaded: 'small',
      tokensPerSecond: 100,
      reply: () => 'a b c d e f g',
    });
    const response = await chat(host.url, {
      model: 'small',
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const arrivals: string[] = [];
    const decoder = new TextDecoder();
    for await (const bytes of response.body!) arrivals.push(decoder.decode(bytes));
    expect(arrivals.length).toBeGreaterThanOrEqual(4);
    const events = arrivals.join('').trimEnd().split('\n\n');
    expect(events.at(-1)).toBe('data: [DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)));
    const words = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '');
    expect(words.join('')).toBe('a b c d e f g');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 7 } });
    expect(chunks.at(-2).choices[0].finish_reason).toBe('stop');
  });

  test('stops at max_tokens', async () => {
    const host = await startHost({ loaded: 'small' });
    const reply = await readReply(host.url, { model: 'small', max_tokens: 2 });
    expect(reply.choices[0]?.finish_reason).toBe('length');
    expect(reply.usage.completion_tokens).toBe(2);
  });

  test('frees the model when its client leaves', async () => {
    const host = await startHost({ loaded: 'small', tokensPerSecond: 10 });
    const response = await chat(host.url, { model: 'small', stream: true });
    await response.body?.cancel();
    expect((await chat(host.url, { model: 'vendor', max_tokens: 1 })).status).toBe(200);
  });
});

describe('the model server', () => {
  test('reports its context at /props, and is started by that request', async () => {
    const host = await startHost();
    const props = await getJson(`${host.url}/props?model=vendor/big:q4`);
    expect(props).toMatchObject({ default_generation_settings: { n_ctx: 16_384 } });
    expect(host.counts.loads.get('vendor/big:q4')).toBe(1);
  });

  test('is started by /upstream for the longest matching name', async () => {
    const host = await startHost();
    const props = await getJson(`${host.url}/upstream/vendor/big:q4/props`);
    expect(props).toMatchObject({ model_alias: 'vendor/big:q4' });
    expect(await getJson(`${host.url}/upstream/vendor/health`)).toEqual({ status: 'ok' });
    expect(Object.fromEntries(host.counts.loads)).toEqual({ 'vendor/big:q4': 1, vendor: 1 });
    expect((await fetch(`${host.url}/upstream/missing/props`)).status).toBe(404);
  });
});
