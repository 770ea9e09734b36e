import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { chat, readEvents, readJson, send, startHost } from './host-fixture.ts';

const THOUGHT = /You wrote: “Hi”.*simulate/;
const messages = [{ role: 'user' as const, content: 'Hi' }];

describe('a model that reasons', () => {
  test('does so before the text of a chat', async () => {
    const host = await startHost();
    const { choices, usage } = await readJson(chat(host.url, { model: 'thinker', messages }));
    const { content, reasoning_content: thought } = choices[0].message;
    expect(thought).toMatch(THOUGHT);
    expect(content).toMatch(/^Hello!/);
    const events = await readEvents(
      await chat(host.url, { model: 'thinker', messages, stream: true }),
    );
    const deltas = events.map(({ data }) => data.choices[0].delta);
    expect(deltas.map((delta) => delta.reasoning_content ?? '').join('')).toBe(thought);
    expect(deltas.map((delta) => delta.content ?? '').join('')).toBe(content);
    const last = deltas.findLastIndex((delta) => delta.reasoning_content);
    expect(deltas.findIndex((delta) => delta.content)).toBe(last + 1);
    const words = `${thought} ${content}`.match(/\S+/g);
    expect(usage.completion_tokens).toBe(words?.length);
  });

  test('spends the token limit on it first', async () => {
    const host = await startHost();
    const body = { model: 'thinker', messages, max_tokens: 2 };
    const { choices } = await readJson(chat(host.url, body));
    expect(choices[0]).toMatchObject({
      finish_reason: 'length',
      message: { content: '', reasoning_content: 'You wrote:' },
    });
  });

  test.each([
    ['/v1/chat/completions', { messages, reasoning_effort: 'none' }],
    ['/v1/chat/completions', { messages, chat_template_kwargs: { enable_thinking: false } }],
    ['/v1/messages', { messages, max_tokens: 99, thinking: { type: 'disabled' } }],
    ['/v1/responses', { input: 'Hi', reasoning: { effort: 'none' } }],
    ['/v1/completions', { prompt: 'Hi' }],
  ])('does not if the request forbids it: %s', async (path, body) => {
    const host = await startHost();
    const reply = await readJson(send(host.url + path, { model: 'thinker', ...body }));
    expect(JSON.stringify(reply)).toMatch(/Hello!(?!.*nothing to work out)/);
  });

  test('sends its reasoning in events that OpenAI’s client reads', async () => {
    const host = await startHost();
    const client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: 'none' });
    const request = { model: 'thinker', input: 'Hi' };
    const plain = await client.responses.create(request);
    const streamed = await client.responses.stream(request).finalResponse();
    for (const { output, output_text } of [plain, streamed]) {
      expect(output).toMatchObject([
        { type: 'reasoning', content: [{ text: expect.stringMatching(THOUGHT) }] },
        { type: 'message' },
      ]);
      expect(output_text).toMatch(/^Hello!/);
    }
    expect(plain.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(5);
  });

  test('sends its reasoning in events that Anthropic’s client reads', async () => {
    const host = await startHost();
    const client = new Anthropic({ baseURL: host.url, apiKey: 'none' });
    const request = { model: 'thinker', max_tokens: 500, messages };
    const plain = await client.messages.create(request);
    const streamed = await client.messages.stream(request).finalMessage();
    for (const { content } of [plain, streamed]) {
      expect(content).toMatchObject([
        { type: 'thinking', thinking: expect.stringMatching(THOUGHT), signature: '' },
        { type: 'text', text: expect.stringMatching(/^Hello!/) },
      ]);
    }
  });
});
