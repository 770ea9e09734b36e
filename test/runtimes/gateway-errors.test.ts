import { expect, it } from 'vitest';
import { CHAT, describeGateway, MAX_BODY_BYTES } from './gateway-fixture.ts';

describeGateway('says what went wrong', ({ one, two, ask, chat }) => {
  it('in the upstream’s own words', async () => {
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

  it('without its address where it cannot be reached', async () => {
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

  it('and sends nothing twice where it breaks off before it answers', async () => {
    await chat('one/m');
    one.received.length = 0;
    // On a connection that was used before, too.
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
    ['no JSON object', CHAT, '[]', 400, 'invalid_request'],
    ['a body that ends too soon', CHAT, '{"model":"one/m"', 400, 'invalid_request'],
    ['two models', CHAT, '{"model":"one/m","model":"two/m"}', 400, 'invalid_request'],
    ['a model that is a number', CHAT, '{"model":1}', 400, 'invalid_request'],
    ['an empty model', CHAT, '{"model":" "}', 400, 'invalid_model_id'],
    ['a provider without a model', CHAT, '{"model":"one/"}', 400, 'invalid_model_id'],
    ['a path to nobody', '/upstream/nobody/m', '', 404, 'unknown_provider'],
    ['a path to no llama-swap', '/upstream/two/m', '', 409, 'unsupported_by_provider'],
    ['a route that is not there', '/v1/audio/translations', '{}', 404, 'not_found'],
  ])('of %s', async (_fault, path, body, status, code) => {
    const answer = await ask(path, { body });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ src: 'paddock', error: { code } });
    expect(one.received.length + two.received.length).toBe(0);
  });

  it('of a body that is too large before it is read', async () => {
    const answer = await ask(CHAT, { announced: MAX_BODY_BYTES + 1 });
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([413, 'body_too_large']);
  });

  it('of a body that grows too large while it is read', async () => {
    async function* pieces() {
      yield Buffer.from('{"model":"one/m","x":"');
      yield Buffer.alloc(MAX_BODY_BYTES, 'x');
    }
    const answer = await ask(CHAT, { body: pieces() });
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([413, 'body_too_large']);
  });

  it('in Anthropic’s shape on Anthropic’s routes', async () => {
    const answer = await ask('/v1/messages', { body: '{"model":7}' });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({
      type: 'error',
      src: 'paddock',
      error: { type: 'invalid_request_error', message: expect.stringContaining('model') },
    });
  });
});
