import Anthropic, {
  APIUserAbortError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
} from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_KEY, CLIENT_RUNTIMES, startFleet, toText, type TestFleet } from './fleet.ts';

const toRequest = (model: string): Anthropic.MessageCreateParamsNonStreaming => ({
  model,
  max_tokens: 500,
  system: 'You are a horse.',
  messages: [{ role: 'user', content: 'Good day' }],
});

describe.each(CLIENT_RUNTIMES)('Anthropic’s client with Paddock on %s', (_name, make) => {
  let fleet: TestFleet;
  let client: Anthropic;

  beforeAll(async () => {
    fleet = await startFleet(make);
    client = new Anthropic({ baseURL: fleet.url, apiKey: CLIENT_KEY, maxRetries: 0 });
  });
  afterAll(() => fleet?.close());

  it('creates a message', async () => {
    const message = await client.messages.create(toRequest('b/shared'));
    expect(message).toMatchObject({ role: 'assistant', type: 'message', stop_reason: 'end_turn' });
    const text = expect.stringMatching(/shared.* host-b\. You wrote: “Good day”/u);
    expect(message.content).toEqual([{ type: 'text', text }]);
  });

  it('reads the first text of a stream before the rest is written', async () => {
    const whole = await client.messages.create(toRequest('b/shared'));
    const release = fleet.b.holdAfter(1);
    const stream = client.messages.stream(toRequest('b/shared'));
    let text = '';
    stream.on('text', (piece) => {
      text += piece;
      release();
    });
    const types: string[] = [];
    for await (const { type } of stream) if (types.at(-1) !== type) types.push(type);
    expect(types).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    const { content, stop_reason, usage } = await stream.finalMessage();
    expect(content).toEqual(whole.content);
    expect(content).toEqual([{ type: 'text', text }]);
    expect(stop_reason).toBe('end_turn');
    expect(usage.output_tokens).toBe(whole.usage.output_tokens);
  });

  it('uses a tool', async () => {
    const input_schema = { type: 'object' as const, properties: { city: { type: 'string' } } };
    const request: Anthropic.MessageCreateParamsNonStreaming = {
      ...toRequest('a/shared'),
      tools: [{ name: 'get_weather', input_schema }],
      tool_choice: { type: 'tool', name: 'get_weather' },
    };
    const { content, stop_reason } = await client.messages.stream(request).finalMessage();
    expect(stop_reason).toBe('tool_use');
    expect(content).toMatchObject([
      { type: 'tool_use', name: 'get_weather', input: { city: 'Good day' } },
    ]);
    const [use] = content as Anthropic.ToolUseBlock[];
    request.messages.push(
      { role: 'assistant', content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: use!.id, content: 'Rain' }] },
    );
    const answer = await client.messages.create(request);
    const text = expect.stringMatching(/host-a\. The tool answered: “Rain”/u);
    expect(answer.content).toMatchObject([{ type: 'text', text }]);
  });

  it('counts tokens', async () => {
    const { max_tokens: _limit, ...request } = toRequest('b/shared');
    const { input_tokens } = await client.messages.countTokens(request);
    expect(input_tokens).toBeGreaterThan(0);
    expect((await client.messages.create(toRequest('b/shared'))).usage.input_tokens).toBe(
      input_tokens,
    );
  });

  it('ends the provider’s work when it leaves a stream', async () => {
    await client.messages.create(toRequest('b/shared'));
    fleet.b.holdAfter(1);
    const stream = client.messages.stream(toRequest('b/shared'));
    stream.once('text', () => stream.abort());
    await expect(stream.done()).rejects.toBeInstanceOf(APIUserAbortError);
    await expect.poll(() => fleet.b.working(), { interval: 5 }).toBe(0);
  });

  describe('throws', () => {
    const fail = (model: string): Promise<unknown> =>
      client.messages.create(toRequest(model)).catch((error: unknown) => error);

    it('BadRequestError for an invalid ID', async () => {
      const error = await fail('a/');
      expect(error).toBeInstanceOf(BadRequestError);
      const type = 'invalid_request_error';
      const message = 'The model ID names the provider "a" but no model.';
      expect(error).toMatchObject({
        status: 400,
        type,
        error: { type: 'error', src: 'paddock', error: { type, message } },
      });
    });

    it('InternalServerError for an unreachable provider', async () => {
      const error = await fail('down/shared');
      expect(error).toBeInstanceOf(InternalServerError);
      expect(error).toMatchObject({
        status: 502,
        type: 'api_error',
        error: { type: 'error', error: { message: expect.stringMatching(/^down refused/u) } },
      });
    });

    it('NotFoundError with the provider’s message', async () => {
      const error = await fail('b/absent');
      expect(error).toBeInstanceOf(NotFoundError);
      expect((error as Error).message).toContain('no router for requested model');
    });
  });

  it('lists every model, page by page', async () => {
    const ids: string[] = [];
    for await (const { id, type, display_name: name } of client.models.list({ limit: 2 })) {
      expect([type, typeof name]).toEqual(['model', 'string']);
      ids.push(id);
    }
    expect(ids).toContain('b/shared');
    expect(ids.length).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('does not send its own key to providers', async () => {
    for (const model of ['a/shared', 'b/shared']) await client.messages.create(toRequest(model));
    for (const { received } of [fleet.a, fleet.b]) {
      expect(toText(received)).toContain('anthropic-version');
      expect(toText(received)).not.toContain(CLIENT_KEY);
    }
  });
});
