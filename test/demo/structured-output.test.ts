import { describe, expect, test } from 'vitest';
import { chat, readEvents, readJson, send, startHost } from './host-fixture.ts';

const schema = {
  type: 'object',
  properties: { city: { $ref: '#/$defs/text' }, days: { type: 'integer', minimum: 3 } },
  required: ['city', 'days'],
  $defs: { text: { type: 'string' } },
};
const messages = [{ role: 'user', content: 'Paris' }];
const expected = { city: 'Paris', days: 3 };
const named = { type: 'json_schema', json_schema: { name: 'trip', schema } };

/** The requests for JSON of each API, where its answer has the text, and where the data of its events do. */
const APIS: [string, object, (body: any) => string, (data: any) => string | undefined][] = [
  [
    '/v1/chat/completions',
    { messages, response_format: named },
    (body) => body.choices[0].message.content,
    (data) => data.choices[0].delta.content,
  ],
  [
    '/v1/responses',
    { input: messages, text: { format: { type: 'json_schema', name: 'trip', schema } } },
    (body) => body.output[0].content[0].text,
    ({ type, delta }) => (type === 'response.output_text.delta' ? delta : ''),
  ],
  [
    '/v1/messages',
    { max_tokens: 99, messages, output_config: { format: { type: 'json_schema', schema } } },
    (body) => body.content[0].text,
    ({ delta }) => delta?.text,
  ],
  [
    '/v1/completions',
    { prompt: 'Paris', response_format: named },
    (body) => body.choices[0].text,
    (data) => data.choices[0].text,
  ],
  [
    '/completion',
    { prompt: 'Paris', json_schema: schema },
    (body) => body.content,
    ({ stop, content }) => (stop === true ? '' : content),
  ],
];

describe('JSON by a schema', () => {
  test.each(APIS)('%s', async (path, body, readText, readDelta) => {
    const host = await startHost();
    const ask = (more: object) => send(host.url + path, { model: 'small', ...body, ...more });
    expect(JSON.parse(readText(await readJson(ask({}))))).toEqual(expected);
    const deltas = (await readEvents(await ask({ stream: true }))).map(({ data }) =>
      readDelta(data),
    );
    expect(deltas.filter(Boolean).length).toBeGreaterThan(1);
    expect(JSON.parse(deltas.join(''))).toEqual(expected);
  });

  const readContent = async (host: { url: string }, body: object) =>
    (await readJson(chat(host.url, { model: 'small', messages, ...body }))).choices[0];

  test.each([
    ['of the format json_object', { response_format: { type: 'json_object', schema } }],
    ['of the older field of Anthropic', { output_format: { type: 'json_schema', schema } }],
  ])('%s', async (_what, format) => {
    const host = await startHost();
    if ('response_format' in format) {
      const { message } = await readContent(host, format);
      expect(JSON.parse(message.content)).toEqual(expected);
      return;
    }
    const body = { model: 'small', max_tokens: 99, messages, ...format };
    const { content } = await readJson(send(`${host.url}/v1/messages`, body));
    expect(JSON.parse(content[0].text)).toEqual(expected);
  });

  test('of the prompt, for json_object alone', async () => {
    const host = await startHost();
    const text = `Answer as {"days": 1} does, by this schema:\n${JSON.stringify(schema, null, 2)}\nNo more.`;
    const system = { role: 'system', content: text };
    const response_format = { type: 'json_object' };
    const { message } = await readContent(host, {
      response_format,
      messages: [system, ...messages],
    });
    expect(JSON.parse(message.content)).toEqual(expected);
    const plain = await readContent(host, { response_format });
    expect(JSON.parse(plain.message.content)).toEqual({ answer: 'Paris' });
    const prose = await readContent(host, { messages: [system, ...messages] });
    expect(prose.message.content).toContain('You wrote');
    const asking = { role: 'system', content: `Match the following json_schema:\n${text}` };
    const asked = await readContent(host, { messages: [asking, ...messages] });
    expect(JSON.parse(asked.message.content)).toEqual(expected);
  });

  test('is cut off at the token limit, and comes after the result of a tool', async () => {
    const host = await startHost();
    const cut = await readContent(host, { response_format: named, max_tokens: 2 });
    expect(cut.finish_reason).toBe('length');
    expect(cut.message.content).toBe('{"city":"Par');
    const tools = [{ type: 'function', function: { name: 'look_up', parameters: schema } }];
    const calling = { response_format: named, tools, tool_choice: 'required' };
    const { message } = await readContent(host, calling);
    expect(JSON.parse(message.tool_calls[0].function.arguments)).toEqual(expected);
    const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'Rome' };
    const next = { ...calling, messages: [...messages, message, result] };
    const last = await readContent(host, next);
    expect(JSON.parse(last.message.content)).toEqual({ ...expected, city: 'Rome' });
  });

  test('of an unknown format is refused as llama-server does', async () => {
    const host = await startHost();
    const response = await chat(host.url, { model: 'small', response_format: { type: 'xml' } });
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toContain('but got: xml');
  });
});
