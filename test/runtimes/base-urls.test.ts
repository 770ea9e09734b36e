import { expect, it } from 'vitest';
import { describeGateway } from './gateway-fixture.ts';

const body = '{"model":"one/m","messages":[]}';

describeGateway('serves clients with a wrong base URL', ({ one, ask }) => {
  it.each([
    ['/chat/completions', '/v1/chat/completions', 'lacks /v1'],
    ['/v1/v1/chat/completions?beta=true', '/v1/chat/completions?beta=true', 'has /v1 twice'],
    ['/v1/v1/messages', '/v1/messages', 'has /v1 twice'],
    ['/v1//responses', '/v1/responses', 'has extra slashes'],
    ['//v1/embeddings/', '/v1/embeddings', 'has extra slashes'],
    ['/rerank/', '/rerank', 'has extra slashes'],
  ])('sends POST %s to the provider as %s, and says so', async (path, sent, note) => {
    const { status, headers } = await ask(path, { body });
    expect(status).toBe(200);
    expect(one.received.map(({ url }) => url)).toEqual([sent]);
    expect(headers['x-paddock-note']).toContain(`The path ${note}.`);
    expect(headers['x-paddock-provider']).toBe('one');
  });

  it('explains a wrong prefix too, and passes the provider’s answer unchanged', async () => {
    one.reply((response) => response.writeHead(404).end('model not found'));
    const wrong = '{"model":"Two/größe","messages":[]}';
    const { status, headers, text } = await ask('/chat/completions', { body: wrong });
    expect([status, text]).toEqual([404, 'model not found']);
    expect(one.received.map((request) => request.body.toString())).toEqual([wrong]);
    expect(headers['x-paddock-note']).toBe(
      'The path lacks /v1. Add /v1 to the end of the base URL. "Two/gr%C3%B6%C3%9Fe" does not begin with the name of a provider, so it is a bare ID of one. Providers: one, two, side, dead, deepseek. Did you mean two/gr%C3%B6%C3%9Fe?',
    );
    const failed = await ask('/v1/chat/completions', { body: '{"model":"openai/gpt-4o"}' });
    expect(failed.headers['x-paddock-note']).toMatch(/^"openai\/gpt-4o" does not begin .* one\./u);
    one.reply((response) => response.end('{}'));
    const served = await ask('/v1/chat/completions', { body: '{"model":"unsloth/Qwen3"}' });
    expect(served.headers).not.toHaveProperty('x-paddock-note');
  });

  it.each(['/props/?model=one/m', '//sdapi//v1/loras?model=one/m'])(
    'sends GET %s to the provider',
    async (path) => {
      const { status } = await ask(path, { method: 'GET' });
      expect(status).toBe(200);
      expect(one.received[0]?.url).toMatch(/^\/(?:props|sdapi\/v1\/loras)\?model=m$/u);
    },
  );

  it.each(['/health/', '//api/providers', '/openapi.json/'])('answers GET %s', async (path) => {
    const { status, headers } = await ask(path, { method: 'GET' });
    expect(status).toBeLessThan(400);
    expect(headers['x-paddock-note']).toContain('extra slashes');
  });

  it('finds an ID in a path as it is, with every slash', async () => {
    const { status, text } = await ask('/models/one//m/', { method: 'GET' });
    expect(status).toBe(404);
    expect(JSON.parse(text).error.message).toContain('find "/m/"');
  });

  it('answers an error in the dialect of the path that is meant', async () => {
    const wrong = '{"model":"\\u0000"}';
    const anthropic = JSON.parse((await ask('/v1/v1/messages', { body: wrong })).text);
    expect(anthropic).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
    const openai = JSON.parse((await ask('/chat/completions', { body: wrong })).text);
    expect(openai).toMatchObject({ error: { code: 'invalid_model_id' } });
  });

  it.each(['/upstream/one//m/', '/v1/models', '/v1/chat/completions'])(
    'adds no note to %s',
    async (path) => {
      const { headers } = await ask(path, path.endsWith('s') ? { body } : { method: 'GET' });
      expect(headers).not.toHaveProperty('x-paddock-note');
    },
  );

  it('names the right base URLs where nothing is meant', async () => {
    const { status, text } = await ask('/v1/chat/complete', { body });
    expect(status).toBe(404);
    expect(JSON.parse(text).error.message).toBe(
      'No route matches /v1/chat/complete. The base URL of OpenAI clients ends in /v1, and that of Anthropic and Ollama clients does not. /docs lists every route.',
    );
  });
});
