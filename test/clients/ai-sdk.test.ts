import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
  APICallError,
  embed,
  generateObject,
  generateText,
  jsonSchema,
  stepCountIs,
  streamObject,
  streamText,
  tool,
} from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_KEY, CLIENT_RUNTIMES, startFleet, toText, type TestFleet } from './fleet.ts';

const getWeather = tool({
  description: 'The weather in a city',
  inputSchema: jsonSchema<{ city: string }>({
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
  }),
  execute: async ({ city }) => `It rains: ${city}`,
});
const prompt = 'Good day';
const maxRetries = 0;

describe.each(CLIENT_RUNTIMES)('the AI SDK with Paddock on %s', (_name, make) => {
  let fleet: TestFleet;
  let paddock: ReturnType<typeof createOpenAICompatible>;

  beforeAll(async () => {
    fleet = await startFleet(make);
    const baseURL = `${fleet.url}/v1`;
    paddock = createOpenAICompatible({
      baseURL,
      name: 'paddock',
      apiKey: CLIENT_KEY,
      supportsStructuredOutputs: true,
    });
  });
  afterAll(() => fleet?.close());

  it('generates text', async () => {
    const model = paddock('b/shared');
    const { text, finishReason, usage } = await generateText({ model, prompt, maxRetries });
    expect(text).toMatch(/shared.* host-b\. You wrote: “Good day”/u);
    expect(finishReason).toBe('stop');
    expect(usage.outputTokens).toBeGreaterThan(20);
  });

  it('reads the first text of a stream before the rest is written', async () => {
    const model = paddock('a/shared');
    const whole = await generateText({ model, prompt, maxRetries });
    const release = fleet.a.holdAfter(1);
    const { textStream, finishReason } = streamText({ model, prompt, maxRetries });
    const pieces: string[] = [];
    for await (const piece of textStream) {
      pieces.push(piece);
      release();
    }
    expect(pieces.length).toBeGreaterThan(10);
    expect(pieces.join('')).toBe(whole.text);
    expect(await finishReason).toBe('stop');
  });

  // The simulated model calls the tool that the prompt names.
  const withTool = {
    prompt: 'Use getWeather',
    tools: { getWeather },
    stopWhen: stepCountIs(2),
    maxRetries,
  };

  it('generates a tool call and text from its result', async () => {
    const model = paddock('b/shared');
    const { steps, text } = await generateText({ ...withTool, model });
    expect(steps[0]).toMatchObject({
      finishReason: 'tool-calls',
      toolCalls: [{ toolName: 'getWeather', input: { city: 'Use getWeather' } }],
    });
    expect(text).toMatch(/host-b\. The tool answered: “It rains: Use getWeather”/u);
  });

  it('streams a tool call and text from its result', async () => {
    const model = paddock('b/shared');
    const { fullStream, steps, text } = streamText({ ...withTool, model });
    const inputs: string[] = [];
    for await (const part of fullStream) {
      if (part.type === 'tool-input-delta') inputs.push(part.delta);
    }
    expect(inputs.length).toBeGreaterThan(1);
    expect(JSON.parse(inputs.join(''))).toEqual({ city: 'Use getWeather' });
    expect((await steps)[0]?.toolResults).toMatchObject([{ output: 'It rains: Use getWeather' }]);
    expect(await text).toMatch(/host-b\. The tool answered: “It rains: Use getWeather”/u);
  });

  const schema = jsonSchema<{ days: { day: string; degrees: number }[] }>({
    type: 'object',
    properties: { days: { type: 'array', minItems: 2, items: { $ref: '#/$defs/day' } } },
    required: ['days'],
    $defs: {
      day: {
        type: 'object',
        properties: { day: { enum: ['today', 'later'] }, degrees: { type: 'number', minimum: 20 } },
        required: ['day', 'degrees'],
      },
    },
  });
  const days = [
    { day: 'today', degrees: 20 },
    { day: 'later', degrees: 21 },
  ];

  it('generates an object by a schema', async () => {
    const { object, finishReason } = await generateObject({
      ...{ model: paddock('a/shared'), prompt, maxRetries, schema },
    });
    expect(object).toEqual({ days });
    expect(finishReason).toBe('stop');
  });

  it('streams an object by a schema', async () => {
    const model = paddock('b/shared');
    const { partialObjectStream, object } = streamObject({ model, prompt, maxRetries, schema });
    const parts: unknown[] = [];
    for await (const part of partialObjectStream) parts.push(part);
    expect(parts.length).toBeGreaterThan(2);
    expect(await object).toEqual({ days });
  });

  it('ends the provider’s work when it leaves a stream', async () => {
    const model = paddock('b/shared');
    await generateText({ model, prompt, maxRetries });
    fleet.b.holdAfter(1);
    const leaving = new AbortController();
    const { textStream } = streamText({ model, prompt, maxRetries, abortSignal: leaving.signal });
    for await (const piece of textStream) if (piece !== '') leaving.abort();
    await expect.poll(() => fleet.b.working(), { interval: 5 }).toBe(0);
  });

  it('creates embeddings', async () => {
    const model = paddock.embeddingModel('b/shared');
    const { embedding, usage } = await embed({ model, value: 'a quick horse', maxRetries });
    expect(embedding).toHaveLength(64);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    expect(usage.tokens).toBeGreaterThan(0);
  });

  it('throws the errors of providers and of Paddock', async () => {
    const fail = (id: string): Promise<unknown> =>
      generateText({ model: paddock(id), prompt, maxRetries }).catch((error: unknown) => error);
    for (const [id, statusCode, message] of [
      ['b/absent', 404, 'no router for requested model'],
      ['down/shared', 502, expect.stringMatching(/^down refused the connection/u)],
    ]) {
      const error = await fail(String(id));
      expect(APICallError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ statusCode, message });
    }
  });

  it('does not send its own key to providers', async () => {
    for (const id of ['a/shared', 'b/shared']) {
      await generateText({ model: paddock(id), prompt, maxRetries });
    }
    for (const { received } of [fleet.a, fleet.b]) {
      expect(toText(received)).toContain('ai-sdk/');
      expect(toText(received)).not.toContain(CLIENT_KEY);
    }
  });
});
