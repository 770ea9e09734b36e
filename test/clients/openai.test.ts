import OpenAI, {
  APIUserAbortError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
} from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_KEY, CLIENT_RUNTIMES, startFleet, toText, type TestFleet } from './fleet.ts';

const ask = (content: string) => [{ role: 'user' as const, content }];

const parameters = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
};
const tools: OpenAI.ChatCompletionTool[] = [
  { type: 'function', function: { name: 'get_weather', parameters } },
];

describe.each(CLIENT_RUNTIMES)('OpenAI’s client with Paddock on %s', (_name, make) => {
  let fleet: TestFleet;
  let client: OpenAI;

  beforeAll(async () => {
    fleet = await startFleet(make);
    client = new OpenAI({ baseURL: `${fleet.url}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
  });
  afterAll(() => fleet?.close());

  it('chats', async () => {
    const { data, response } = await client.chat.completions
      .create({ model: 'a/shared', messages: ask('Good day') })
      .withResponse();
    expect(data.choices[0]).toMatchObject({ index: 0, finish_reason: 'stop' });
    expect(data.choices[0]?.message.content).toMatch(/shared.* host-a\. You wrote: “Good day”/u);
    expect(data.usage?.completion_tokens).toBeGreaterThan(20);
    expect(response.headers.get('x-paddock-provider')).toBe('a');
    expect(response.headers.get('x-paddock-model')).toBe('shared');
  });

  it('limits the tokens of a chat', async () => {
    const { choices } = await client.chat.completions.create({
      model: 'b/shared',
      messages: ask('Good day'),
      max_completion_tokens: 4,
    });
    expect(choices).toMatchObject([
      { finish_reason: 'length', message: { content: 'Hello! This is shared,' } },
    ]);
  });

  it('reads the first text of a stream before the rest is written', async () => {
    const request = { model: 'a/shared', messages: ask('Good day') };
    const whole = await client.chat.completions.create(request);
    const release = fleet.a.holdAfter(1);
    const stream = await client.chat.completions.create({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    });
    const texts: string[] = [];
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      const text = chunk.choices[0]?.delta.content;
      if (typeof text === 'string') texts.push(text);
      // The provider writes the rest only after this was read.
      if (texts.length === 1) release();
      ({ usage } = chunk);
    }
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.join('')).toBe(whole.choices[0]?.message.content);
    expect(usage).toEqual(whole.usage);
  });

  it.each([
    ['whole', false],
    ['streamed', true],
  ])('calls a tool and sends its result, %s', async (_way, stream) => {
    const messages: OpenAI.ChatCompletionMessageParam[] = ask('Use get_weather');
    const complete = async () => {
      const request = { model: 'b/shared', messages, tools };
      if (!stream) return client.chat.completions.create(request);
      return client.chat.completions.stream(request).finalChatCompletion();
    };
    const called = (await complete()).choices[0]!;
    expect(called.finish_reason).toBe('tool_calls');
    const [use] = called.message.tool_calls as OpenAI.ChatCompletionMessageFunctionToolCall[];
    expect(use?.function.name).toBe('get_weather');
    expect(JSON.parse(use!.function.arguments)).toEqual({ city: 'Use get_weather', days: 1 });
    messages.push(called.message, { role: 'tool', tool_call_id: use!.id, content: 'It rains' });
    const { message, finish_reason } = (await complete()).choices[0]!;
    expect(finish_reason).toBe('stop');
    expect(message.content).toMatch(/host-b\. The tool answered: “It rains”/u);
  });

  it('creates a response, whole and as events', async () => {
    const request = { model: 'b/shared', input: 'Good day' };
    const whole = await client.responses.create(request);
    expect(whole.status).toBe('completed');
    expect(whole.output_text).toMatch(/host-b\. You wrote: “Good day”/u);
    const types: string[] = [];
    let text = '';
    for await (const event of await client.responses.create({ ...request, stream: true })) {
      types.push(event.type);
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    expect(types[0]).toBe('response.created');
    expect(types.at(-1)).toBe('response.completed');
    expect(text).toBe(whole.output_text);
  });

  it('creates embeddings as base64 and as numbers', async () => {
    const request = { model: 'a/shared', input: ['a quick horse', 'a slow horse'] };
    const packed = await client.embeddings.create(request);
    const plain = await client.embeddings.create({ ...request, encoding_format: 'float' });
    expect(plain.data).toHaveLength(2);
    for (const [index, { embedding }] of packed.data.entries()) {
      const numbers = plain.data[index]!.embedding;
      expect(numbers).toHaveLength(64);
      expect([...embedding].map(Math.fround)).toEqual(numbers.map(Math.fround));
    }
  });

  it('lists and retrieves the models of both providers', async () => {
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids.toSorted()).toEqual([
      'a/cold',
      'a/shared',
      'b/shared',
      'b/thinker',
      'b/vendor/voice:q8',
    ]);
    for (const id of ids) {
      const model = await client.models.retrieve(id);
      expect(model).toMatchObject({ id, object: 'model', owned_by: id.slice(0, 1) });
    }
    expect((await client.models.retrieve('shared')).id).toBe('a/shared');
    await expect(client.models.retrieve('a/absent')).rejects.toBeInstanceOf(NotFoundError);
  });

  it.each([
    ['by its controller', (stream: { controller: AbortController }) => stream.controller.abort()],
    ['by breaking out', () => {}],
  ])('ends the provider’s work when it leaves a stream, %s', async (_way, leave) => {
    const request = { model: 'b/shared', messages: ask('Good day') };
    await client.chat.completions.create(request);
    const release = fleet.b.holdAfter(1);
    const stream = await client.chat.completions.create({ ...request, stream: true });
    for await (const chunk of stream) {
      if (typeof chunk.choices[0]?.delta.content !== 'string') continue;
      expect(fleet.b.working()).toBe(1);
      leave(stream);
      break;
    }
    await expect.poll(() => fleet.b.working(), { interval: 5 }).toBe(0);
    release();
    // The model is idle now, so that another may replace it.
    const next = { model: 'b/vendor/voice:q8', messages: ask('Hi') };
    const { choices } = await client.chat.completions.create(next);
    expect(choices[0]?.message.content).toContain('vendor/voice:q8');
  });

  it('ends the provider’s work when it leaves before the answer', async () => {
    const request = { model: 'a/shared', messages: ask('Good day') };
    await client.chat.completions.create(request);
    fleet.a.holdAfter(0);
    const giveUp = new AbortController();
    const answer = client.chat.completions.create(request, { signal: giveUp.signal });
    await expect.poll(() => fleet.a.working(), { interval: 5 }).toBe(1);
    giveUp.abort();
    await expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
    await expect.poll(() => fleet.a.working(), { interval: 5 }).toBe(0);
  });

  describe('throws', () => {
    const fail = async (model: string, stream = false) => {
      const request = { model, messages: ask('Good day'), stream };
      const error: unknown = await client.chat.completions.create(request).catch((one) => one);
      return error;
    };

    it.each([false, true])(
      'NotFoundError with the provider’s message (stream: %s)',
      async (stream) => {
        const error = await fail('b/absent', stream);
        expect(error).toBeInstanceOf(NotFoundError);
        expect(error).toMatchObject({
          status: 404,
          message: '404 no router for requested model',
          code: 'not_found',
        });
        expect((error as NotFoundError).headers.get('x-paddock-provider')).toBe('b');
      },
    );

    it.each(['a/', '  ', 'a/b\u0007'])('BadRequestError for the invalid ID %j', async (model) => {
      const error = await fail(model);
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error).toMatchObject({
        status: 400,
        code: 'invalid_model_id',
        type: 'invalid_request_error',
        param: 'model',
      });
    });

    it.each([false, true])(
      'InternalServerError for an unreachable provider (stream: %s)',
      async (stream) => {
        const error = await fail('down/shared', stream);
        expect(error).toBeInstanceOf(InternalServerError);
        expect(error).toMatchObject({
          status: 502,
          code: 'provider_unreachable',
          type: 'server_error',
          message: expect.stringMatching(/^502 down refused the connection/u),
        });
      },
    );
  });

  it('throws if the provider unloads the model during a stream', async () => {
    const request = { model: 'b/shared', messages: ask('Good day') };
    await client.chat.completions.create(request);
    fleet.b.holdAfter(1);
    const stream = await client.chat.completions.create({ ...request, stream: true });
    let text = '';
    const read = async () => {
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        if (text !== '') void fleet.b.unload();
      }
    };
    await expect(read()).rejects.toThrow();
    expect(text).toMatch(/^Hello!/u);
  });

  it('does not send its own key to providers', async () => {
    for (const model of ['a/shared', 'b/shared']) {
      await client.chat.completions.create({ model, messages: ask('Hi') });
    }
    for (const { received } of [fleet.a, fleet.b]) {
      expect(toText(received)).toContain('x-stainless-lang');
      expect(toText(received)).not.toContain(CLIENT_KEY);
    }
  });
});
