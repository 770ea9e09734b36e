import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { chat, readEvents, readJson, send, startHost } from './host-fixture.ts';

const parameters = {
  type: 'object' as const,
  properties: {
    city: { type: 'string' },
    days: { type: 'integer' },
    unit: { type: 'string', enum: ['celsius', 'kelvin'] },
    exact: { type: ['boolean', 'null'] },
    where: { anyOf: [{ type: 'object', properties: { tags: { type: 'array' } } }] },
  },
};
const names = ['get_time', 'get_weather'] as const;
const tools = names.map((name) => ({ type: 'function' as const, function: { name, parameters } }));
const toMessages = (content: string) => [{ role: 'user' as const, content }];
const args = (prompt: string) => ({
  city: prompt,
  days: 1,
  unit: 'celsius',
  exact: true,
  where: { tags: [] },
});

describe('a chat with tools', () => {
  const rows = [
    { what: 'the prompt names it', prompt: 'Use get_weather', choice: undefined, name: names[1] },
    { what: 'a call is required', prompt: 'Hi', choice: 'required', name: names[0] },
    {
      what: 'the choice names it',
      prompt: 'Use get_time',
      choice: { type: 'function', function: { name: names[1] } },
      name: names[1],
    },
  ];
  test.each(rows)('calls a tool when $what', async ({ prompt, choice, name }) => {
    const host = await startHost();
    const body = { model: 'eye', messages: toMessages(prompt), tools, tool_choice: choice };
    const reply = await readJson(chat(host.url, body));
    const call = { id: expect.stringMatching(/^call_/), type: 'function' };
    const { arguments: json } = reply.choices[0].message.tool_calls[0].function;
    expect(reply.choices).toEqual([
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: null,
          tool_calls: [{ ...call, function: { name, arguments: json } }],
        },
      },
    ]);
    expect(JSON.parse(json)).toEqual(args(prompt));
    const events = await readEvents(await chat(host.url, { ...body, stream: true }));
    const choices = events.map(({ data }) => data.choices[0]);
    const deltas = choices.flatMap(({ delta }) => delta.tool_calls ?? []);
    expect(deltas[0]).toEqual({ index: 0, ...call, function: { name, arguments: '' } });
    expect(deltas.map((delta) => delta.function.arguments).join('')).toBe(json);
    expect(deltas.length).toBeGreaterThan(2);
    expect(choices.at(-1)).toEqual({ index: 0, finish_reason: 'tool_calls', delta: {} });
  });

  test.each([
    { what: 'the prompt names no tool', prompt: 'Hi', choice: 'auto' },
    { what: 'a longer word holds a name', prompt: 'Use get_weather_soon', choice: 'auto' },
    { what: 'the choice is none', prompt: 'Use get_weather', choice: 'none' },
  ])('answers with text when $what', async ({ prompt, choice }) => {
    const host = await startHost();
    const body = { model: 'eye', messages: toMessages(prompt), tools, tool_choice: choice };
    const { choices } = await readJson(chat(host.url, body));
    expect(choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.stringContaining(prompt) },
    });
  });

  test('answers the result of a tool with text, through OpenAI’s client', async () => {
    const host = await startHost();
    const client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: 'none' });
    const messages: OpenAI.ChatCompletionMessageParam[] = toMessages('Use get_weather');
    const request = { model: 'eye', messages, tools, tool_choice: 'required' as const };
    const called = await client.chat.completions.stream(request).finalChatCompletion();
    const message = called.choices[0]!.message;
    messages.push(message, {
      role: 'tool',
      tool_call_id: message.tool_calls![0]!.id,
      content: 'It rains',
    });
    // A call is required, and the model calls no tool twice.
    const next = await client.chat.completions.create(request);
    const [call] = next.choices[0]!.message.tool_calls ?? [];
    expect(call).toMatchObject({ function: { name: 'get_time' } });
    for (const more of [{ tool_choice: 'auto' as const }, { tools: tools.slice(1) }]) {
      const { choices } = await client.chat.completions.create({ ...request, ...more });
      expect(choices[0]!.message.content).toMatch(/eye.*test-host.*The tool answered: “It rains”/);
    }
  });
});

describe('tools with plain names', () => {
  const plain = [{ type: 'function', function: { name: 'Write', parameters } }];
  test.each([
    ['Write a poem', 'stop'],
    ['Please use Write', 'tool_calls'],
    ['Call the `Write` tool', 'tool_calls'],
  ])('%s: %s', async (prompt, finish) => {
    const host = await startHost();
    const body = { model: 'eye', messages: toMessages(prompt), tools: plain };
    const { choices } = await readJson(chat(host.url, body));
    expect(choices[0].finish_reason).toBe(finish);
  });
});

test('a call leaves out the arguments that its tool does not require', async () => {
  const host = await startHost();
  const tool = { name: 'get_weather', parameters: { ...parameters, required: ['days'] } };
  const body = { model: 'eye', messages: toMessages('Use get_weather') };
  const request = { ...body, tools: [{ type: 'function', function: tool }] };
  const { choices } = await readJson(chat(host.url, request));
  expect(choices[0].message.tool_calls[0].function.arguments).toBe('{"days":1}');
});

describe('a message of several parts', () => {
  const reminder = { type: 'text', text: 'A reminder about get_time' };
  const part = { type: 'text', text: 'Use get_weather' };
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,' } };

  test('is answered by its last text', async () => {
    const host = await startHost();
    const content = [reminder, { ...part, text: 'How are you?' }, image];
    const body = { model: 'eye', tools, messages: [{ role: 'user', content }] };
    const { choices, usage } = await readJson(chat(host.url, body));
    expect(choices[0].message.content).toMatch(/You wrote: “How are you\?”/);
    expect(choices[0].message.content).not.toContain('reminder');
    expect(usage.prompt_tokens).toBeGreaterThan(8);
  });

  test.each([
    ['/v1/chat/completions', { messages: [{ role: 'user', content: [reminder, part] }], tools }],
    [
      '/v1/messages',
      {
        messages: [{ role: 'user', content: [reminder, part] }],
        tools: names.map((name) => ({ name, input_schema: parameters })),
      },
    ],
    [
      '/v1/responses',
      {
        input: [{ role: 'user', content: [reminder, part] }],
        tools: names.map((name) => ({ type: 'function', name, parameters })),
      },
    ],
  ])('calls the tool that its last text names: %s', async (path, body) => {
    const host = await startHost();
    const reply = JSON.stringify(await readJson(send(host.url + path, { model: 'eye', ...body })));
    expect(reply).toContain('get_weather');
    expect(reply).not.toMatch(/get_time|reminder/);
  });
});

describe('the same tools', () => {
  test('are called through /v1/responses', async () => {
    const host = await startHost();
    const client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: 'none' });
    const request = {
      model: 'eye',
      input: toMessages('Use get_weather') as OpenAI.Responses.ResponseInput,
      tools: names.map((name) => ({ type: 'function' as const, name, parameters, strict: null })),
    };
    const plain = await client.responses.create(request);
    const streamed = await client.responses.stream(request as any).finalResponse();
    for (const { output } of [plain, streamed]) {
      const [call] = output as OpenAI.Responses.ResponseFunctionToolCall[];
      expect(call).toMatchObject({ type: 'function_call', name: 'get_weather' });
      expect(JSON.parse(call!.arguments)).toEqual(args('Use get_weather'));
    }
    const [call] = plain.output as OpenAI.Responses.ResponseFunctionToolCall[];
    request.input.push(call!, {
      type: 'function_call_output',
      call_id: call!.call_id,
      output: 'It rains',
    });
    expect((await client.responses.create(request)).output_text).toContain('It rains');
  });

  test('are used through /v1/messages', async () => {
    const host = await startHost();
    const client = new Anthropic({ baseURL: host.url, apiKey: 'none' });
    const request: Anthropic.MessageCreateParamsNonStreaming = {
      model: 'eye',
      max_tokens: 200,
      messages: toMessages('Hi'),
      tools: names.map((name) => ({ name, input_schema: parameters })),
      tool_choice: { type: 'tool', name: 'get_weather' },
    };
    const plain = await client.messages.create(request);
    const streamed = await client.messages.stream(request).finalMessage();
    for (const { content, stop_reason } of [plain, streamed]) {
      expect(content).toMatchObject([{ type: 'tool_use', name: 'get_weather', input: args('Hi') }]);
      expect(stop_reason).toBe('tool_use');
    }
    const [use] = plain.content as Anthropic.ToolUseBlock[];
    const result = { type: 'tool_result' as const, tool_use_id: use!.id, content: 'It rains' };
    request.messages.push(
      { role: 'assistant', content: plain.content },
      { role: 'user', content: [result] },
    );
    const { content } = await client.messages.create(request);
    expect(content).toMatchObject([{ type: 'text', text: expect.stringContaining('It rains') }]);
  });
});
