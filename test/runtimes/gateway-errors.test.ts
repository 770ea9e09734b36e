import { expect, it } from 'vitest';
import { CHAT, describeGateway, MAX_BODY_BYTES } from './gateway-fixture.ts';

describeGateway('errors', ({ one, two, ask, chat }) => {
  it('passes the upstream’s own error on', async () => {
    one.reply((response) => {
      response.writeHead(429, { 'content-type': 'text/plain', 'retry-after': '3' });
      response.end('queue is full');
    });
    const answer = await chat('one/m');
    expect([answer.status, answer.text, answer.headers['retry-after']]).toEqual([
      429,
      'queue is full',
      '3',
    ]);
  });

  it('reports an unreachable provider without its address', async () => {
    const answer = await chat('dead/m');
    expect(answer.status).toBe(502);
    expect(answer.headers['x-paddock-provider']).toBe('dead');
    const { error, src } = JSON.parse(answer.text);
    expect([src, error.code, error.type]).toEqual([
      'paddock',
      'provider_unreachable',
      'server_error',
    ]);
    expect(error.message).toMatch(/^dead .*PROVIDERS/);
    expect(answer.text).not.toMatch(/127\.0\.0\.1|localhost/);
    const anthropic = await ask('/v1/messages', { body: '{"model":"dead/m"}' });
    expect(JSON.parse(anthropic.text)).toMatchObject({
      type: 'error',
      error: { type: 'api_error' },
    });
  });

  it('sends no request twice when the upstream closes the connection before it answers', async () => {
    await chat('one/m');
    one.received.length = 0;
    // Also on a reused connection.
    one.reply((response) => response.destroy());
    for (const kept of [1, 2]) {
      const answer = await chat('one/m');
      expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([
        502,
        'provider_unreachable',
      ]);
      expect(one.received).toHaveLength(kept);
    }
  });

  it.each([
    ['a body that is not a JSON object', CHAT, '[]', 400, 'invalid_request'],
    ['a truncated body', CHAT, '{"model":"one/m"', 400, 'invalid_request'],
    ['two models', CHAT, '{"model":"one/m","model":"two/m"}', 400, 'invalid_request'],
    ['a model that is a number', CHAT, '{"model":1}', 400, 'invalid_request'],
    ['an empty model', CHAT, '{"model":" "}', 400, 'invalid_model_id'],
    ['a provider without a model', CHAT, '{"model":"one/"}', 400, 'invalid_model_id'],
    ['an unknown provider in the path', '/upstream/unknown/m', '', 404, 'unknown_provider'],
    ['a provider without /upstream', '/upstream/two/m', '', 409, 'unsupported_by_provider'],
    ['a missing route', '/v1/audio/translations', '{}', 404, 'not_found'],
  ])('reports %s', async (_fault, path, body, status, code) => {
    const answer = await ask(path, { body });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ src: 'paddock', error: { code } });
    expect(one.received.length + two.received.length).toBe(0);
  });

  it('returns 413 for an announced length above the limit without reading the body', async () => {
    const answer = await ask(CHAT, { announced: MAX_BODY_BYTES + 1 });
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([413, 'body_too_large']);
  });

  it('returns 413 for a chunked body that exceeds the limit', async () => {
    async function* pieces() {
      yield Buffer.from('{"model":"one/m","x":"');
      yield Buffer.alloc(MAX_BODY_BYTES, 'x');
    }
    const answer = await ask(CHAT, { body: pieces() });
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([413, 'body_too_large']);
  });

  it('uses Anthropic’s error shape on Anthropic’s routes', async () => {
    const answer = await ask('/v1/messages', { body: '{"model":7}' });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({
      type: 'error',
      src: 'paddock',
      error: { type: 'invalid_request_error', message: expect.stringContaining('model') },
    });
  });
});
