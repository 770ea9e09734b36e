import { Ollama } from 'ollama';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_KEY, CLIENT_RUNTIMES, startFleet, toText, type TestFleet } from './fleet.ts';

const model = 'b/shared';
const messages = [{ role: 'user', content: 'Good day' }];

const getWeather = {
  type: 'function',
  function: {
    name: 'getWeather',
    description: 'The weather in a city',
    parameters: {
      type: 'object',
      required: ['city'],
      properties: { city: { type: 'string', description: 'The city' } },
    },
  },
};

describe.each(CLIENT_RUNTIMES)('Ollama’s client with Paddock on %s', (_name, make) => {
  let fleet: TestFleet;
  let client: Ollama;

  beforeAll(async () => {
    fleet = await startFleet(make);
    client = new Ollama({
      host: fleet.url,
      headers: { authorization: `Bearer ${CLIENT_KEY}` },
    });
  });
  afterAll(() => fleet?.close());

  it('lists, shows and finds loaded models', async () => {
    await client.chat({ model, messages });
    const { models } = await client.list();
    expect(models.map(({ name }) => name)).toContain('b/vendor/voice:q8');
    const shown = await client.show({ model: `${model}:latest` });
    expect(shown.capabilities).toContain('completion');
    expect(Object.entries(shown.model_info)).toContainEqual(['unknown.context_length', 8192]);
    const loaded = await client.ps();
    expect(loaded.models.map(({ name }) => name)).toContain(model);
  });

  it('chats', async () => {
    const { message, done, done_reason, eval_count, prompt_eval_count, total_duration } =
      await client.chat({ model, messages });
    expect(message).toEqual({
      role: 'assistant',
      content: expect.stringMatching(/host-b\. You wrote: “Good day”/u),
    });
    expect([done, done_reason]).toEqual([true, 'stop']);
    expect(eval_count).toBeGreaterThan(20);
    expect(prompt_eval_count).toBeGreaterThan(0);
    expect(total_duration).toBeGreaterThan(0);
  });

  it('reads the first text of a stream before the rest is written', async () => {
    const whole = await client.chat({ model: 'a/shared', messages });
    const release = fleet.a.holdAfter(1);
    const pieces: string[] = [];
    let last = null;
    for await (const part of await client.chat({ model: 'a/shared', messages, stream: true })) {
      pieces.push(part.message.content);
      last = part;
      release();
    }
    expect(pieces.length).toBeGreaterThan(10);
    expect(pieces.join('')).toBe(whole.message.content);
    expect(last).toMatchObject({ done: true, done_reason: 'stop', eval_count: whole.eval_count });
  });

  it('calls a tool and reads its result, streamed and whole', async () => {
    const asked = { role: 'user', content: 'Use getWeather' };
    const { message } = await client.chat({ model, messages: [asked], tools: [getWeather] });
    expect(message.tool_calls).toMatchObject([
      { function: { name: 'getWeather', arguments: { city: 'Use getWeather' } } },
    ]);
    const result = { role: 'tool', tool_name: 'getWeather', content: 'It rains' };
    const answer = await client.chat({ model, messages: [asked, message, result] });
    expect(answer.message.content).toMatch(/The tool answered: “It rains”/u);
    const calls = [];
    const request = { model, messages: [asked], tools: [getWeather] };
    for await (const part of await client.chat({ ...request, stream: true })) {
      calls.push(...(part.message.tool_calls ?? []));
    }
    expect(calls).toMatchObject([{ function: { arguments: { city: 'Use getWeather' } } }]);
  });

  it('gets JSON of a schema, and any JSON', async () => {
    const format = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name', 'age'],
    };
    const { message } = await client.chat({ model, messages, format });
    expect(JSON.parse(message.content)).toEqual({
      name: expect.any(String),
      age: expect.any(Number),
    });
    const any = await client.generate({ model, prompt: 'A horse', format: 'json' });
    expect(() => JSON.parse(String(any.response)) as unknown).not.toThrow();
  });

  it('thinks', async () => {
    const thinking = await client.chat({ model: 'b/thinker', messages, think: true });
    expect(thinking.message.thinking).toMatch(/\w/u);
    const brief = await client.chat({ model: 'b/thinker', messages, think: false });
    expect(brief.message.thinking).toBeUndefined();
    let streamed = '';
    const request = { model: 'b/thinker', messages, think: true, stream: true } as const;
    for await (const part of await client.chat(request)) streamed += part.message.thinking ?? '';
    expect(streamed).toBe(thinking.message.thinking ?? '');
  });

  it('generates, with an image too', async () => {
    const { response } = await client.generate({
      model,
      prompt: 'Good day',
      images: ['iVBORw0KGgo='],
    });
    expect(response).toMatch(/host-b\. You wrote: “Good day”/u);
    const raw = await client.generate({ model, prompt: 'Good day', raw: true });
    expect(raw.response).toMatch(/You wrote: “Good day”/u);
    const options = { num_predict: 3 };
    const short = await client.generate({ model, prompt: 'Good day', options });
    expect([short.eval_count, short.done_reason]).toEqual([3, 'length']);
    let streamed = '';
    for await (const part of await client.generate({ model, prompt: 'Good day', stream: true })) {
      streamed += part.response;
    }
    expect(streamed).toMatch(/You wrote: “Good day”/u);
  });

  it('creates embeddings', async () => {
    const { embeddings } = await client.embed({ model, input: ['a horse', 'a stone'] });
    expect(embeddings.map((vector) => Math.hypot(...vector).toFixed(4))).toEqual([
      '1.0000',
      '1.0000',
    ]);
    const { embedding } = await client.embeddings({ model, prompt: 'a horse' });
    expect(embedding).toHaveLength(embeddings[0]?.length ?? 0);
  });

  it('ends the provider’s work when it leaves a stream', async () => {
    await client.chat({ model, messages });
    fleet.b.holdAfter(1);
    const stream = await client.chat({ model, messages, stream: true });
    await expect(async () => {
      for await (const part of stream) if (part.message.content !== '') stream.abort();
    }).rejects.toThrow(/abort/u);
    await expect.poll(() => fleet.b.working(), { interval: 5 }).toBe(0);
  });

  it('throws the errors of providers and of Paddock', async () => {
    for (const [id, status_code, message] of [
      ['b/absent', 404, 'no router for requested model'],
      ['down/shared', 502, expect.stringMatching(/^down refused the connection/u)],
    ] as const) {
      for (const stream of [false, true]) {
        const failing = client.chat({ model: id, messages, stream: stream as false });
        await expect(failing).rejects.toMatchObject({ status_code, message });
      }
    }
  });

  it('does not send its own key to providers', async () => {
    await client.chat({ model: 'a/shared', messages });
    for (const { received } of [fleet.a, fleet.b]) {
      expect(received.length).toBeGreaterThan(0);
      expect(toText(received)).not.toContain(CLIENT_KEY);
    }
  });
});
