import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { readEvents, readJson, send, startHost } from './host-fixture.ts';

const ANSWER = /small, answering from test-host.*How are you\?/s;
const prompt = 'How are you?';
const messages = [{ role: 'user' as const, content: prompt }];

describe('/v1/responses', () => {
  test('answers JSON, and events that OpenAI’s client reads', async () => {
    const host = await startHost();
    const client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: 'none' });
    const plain = await client.responses.create({ model: 'small', input: prompt });
    expect(plain).toMatchObject({ object: 'response', model: 'small', status: 'completed' });
    expect(plain.output_text).toMatch(ANSWER);
    const stream = client.responses.stream({ model: 'small', input: messages });
    const seen: string[] = [];
    const numbers: number[] = [];
    for await (const event of stream) {
      if (seen.at(-1) !== event.type) seen.push(event.type);
      numbers.push(event.sequence_number);
    }
    expect(seen).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(numbers).toEqual(numbers.map((_, index) => index));
    const final = await stream.finalResponse();
    expect(final.output_text).toBe(plain.output_text);
    expect(final.usage).toEqual(plain.usage);
  });

  test('answers incomplete at max_output_tokens, and 400 without input', async () => {
    const host = await startHost();
    const url = `${host.url}/v1/responses`;
    const body = { model: 'small', input: prompt, max_output_tokens: 2 };
    expect(await readJson(send(url, body))).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      usage: { output_tokens: 2 },
    });
    const events = await readEvents(await send(url, { ...body, stream: true }));
    expect(events.at(-1)?.name).toBe('response.incomplete');
    expect((await send(url, { model: 'small' })).status).toBe(400);
  });
});

describe('/v1/messages', () => {
  test('answers JSON, and events that Anthropic’s client reads', async () => {
    const host = await startHost();
    const client = new Anthropic({ baseURL: host.url, apiKey: 'none' });
    const request = { model: 'small', max_tokens: 500, system: 'Be kind', messages };
    const plain = await client.messages.create(request);
    expect(plain).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
    expect(plain.content).toEqual([{ type: 'text', text: expect.stringMatching(ANSWER) }]);
    const streamed = await client.messages.stream(request).finalMessage();
    expect(streamed.content).toEqual(plain.content);
    expect(streamed.usage).toEqual(plain.usage);
    const { input_tokens: counted } = await client.messages.countTokens(request);
    expect(counted).toBe(plain.usage.input_tokens);
  });

  test('streams named events with a ping, and stops at max_tokens', async () => {
    const host = await startHost();
    const body = { model: 'small', max_tokens: 2, messages, stream: true };
    const events = await readEvents(await send(`${host.url}/v1/messages`, body));
    expect(events.map(({ name }) => name)).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(events.every(({ name, data }) => data.type === name)).toBe(true);
    expect(events.at(-2)?.data).toMatchObject({
      delta: { stop_reason: 'max_tokens' },
      usage: { output_tokens: 2 },
    });
  });
});

describe('/v1/completions', () => {
  test('answers JSON or a stream', async () => {
    const host = await startHost();
    const client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: 'none' });
    const plain = await client.completions.create({ model: 'small', prompt });
    expect(plain.object).toBe('text_completion');
    expect(plain.choices[0]).toMatchObject({ finish_reason: 'stop', index: 0 });
    expect(plain.choices[0]?.text).toMatch(ANSWER);
    const stream = await client.completions.create({
      ...{ model: 'small', prompt, stream: true as const },
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.text ?? '';
      usage = chunk.usage;
    }
    expect(text).toBe(plain.choices[0]?.text);
    expect(usage).toEqual(plain.usage);
  });
});

describe('llama-server’s own routes', () => {
  test.each([
    { path: '/completion', body: { prompt } },
    { path: '/infill', body: { input_prefix: 'How are ', input_suffix: 'you?' } },
  ])('$path answers JSON or a stream without [DONE]', async ({ path, body }) => {
    const host = await startHost();
    const complete = (more: object) => send(host.url + path, { model: 'small', ...body, ...more });
    const plain = await readJson(complete({}));
    expect(plain).toMatchObject({ stop: true, stop_type: 'eos', index: 0, prompt });
    expect(plain.content).toMatch(ANSWER);
    const response = await complete({ stream: true });
    const copy = response.clone();
    const parts = (await readEvents(response)).map(({ data }) => data);
    expect(parts.map(({ content }) => content).join('')).toBe(plain.content);
    expect(parts.map(({ stop }) => stop).indexOf(true)).toBe(parts.length - 1);
    expect(parts.at(-1)).toMatchObject({ tokens_predicted: plain.tokens_predicted });
    expect(await copy.text()).not.toContain('[DONE]');
    expect(await readJson(complete({ n_predict: 2 }))).toMatchObject({
      stop_type: 'limit',
      tokens_predicted: 2,
    });
  });
});
