import { describe, expect, it, onTestFinished } from 'vitest';
import { toGatewayError, type GatewayError } from '../../../ui/fleet/gateway-error.ts';
import { read, send, toSrc } from '../../../ui/fleet/gateway.ts';
import { findDeadPort, json, startHost, text, whileTesting } from '../../hosts.ts';

it.each([
  ['http://127.0.0.1:8400', 'http://127.0.0.1:8400'],
  [' http://paddock.lan/ ', 'http://paddock.lan'],
  ['http://paddock.lan/v1', 'http://paddock.lan'],
  ['https://host/paddock/v1/', 'https://host/paddock'],
  ['', ''],
])('reads the address %j as %j', (given, src) => {
  expect(toSrc(given)).toBe(src);
});

describe('toGatewayError reads the message of', () => {
  it.each([
    [
      "Paddock's form",
      '{"src":"paddock","error":{"message":"No.","code":"conflict"}}',
      'No.',
      'conflict',
    ],
    [
      "llama-swap's form before v250",
      '{"src":"llama-swap","error":"no such model"}',
      'no such model',
      null,
    ],
    ['an HTML page', '<html>502</html>', 'The gateway answered HTTP 502.', null],
    ['an error event', '{"message":"out of memory"}', 'out of memory', null],
    ["vLLM's form", '{"object":"error","message":"too long","code":400}', 'too long', null],
    ["FastAPI's form", '{"detail":"Not Found"}', 'Not Found', null],
    [
      "FastAPI's form for a field",
      '{"detail":[{"loc":["body","messages"],"msg":"Field required","type":"missing"}]}',
      'body.messages: Field required',
      null,
    ],
    ['plain text', 'upstream is down\n', 'upstream is down', null],
    ['an empty body', '', 'The gateway answered HTTP 502.', null],
    ['JSON of another shape', '[1]', 'The gateway answered HTTP 502.', null],
    ['a code that is a number', '{"error":{"message":"No.","code":500}}', 'No.', null],
  ])('%s', (_name, body, message, code) => {
    expect(toGatewayError(body, { status: 502 })).toMatchObject({ status: 502, message, code });
  });

  it.each([
    ['{"src":"paddock","error":{"message":"No."}}', true],
    ['{"src":"llama-swap","error":"No."}', false],
    ['{"error":{"message":"No."}}', false],
    ['No.', false],
  ])('an error, and whether it is Paddock’s own: %s', (body, isOwn) => {
    expect(toGatewayError(body, { status: 429 }).isOwn).toBe(isOwn);
  });
});

describe('a request', () => {
  it('sends the key, and returns the JSON', async () => {
    const host = await whileTesting(
      startHost({
        '/a': (request, response) =>
          json({ key: request.headers.authorization })(request, response),
      }),
    );
    const src = `http://127.0.0.1:${host.port}`;
    expect(await read({ src, key: 's3cret' }, { path: '/a' })).toEqual({ key: 'Bearer s3cret' });
    expect(await read({ src, key: null }, { path: '/a' })).toEqual({});
  });

  it('fails with the message of the answer, or with its own without an answer', async () => {
    const host = await whileTesting(startHost({ '/a': text('busy', 'text/plain', 503) }));
    const gateway = { src: `http://127.0.0.1:${host.port}`, key: null };
    await expect(send(gateway, { path: '/a' })).rejects.toMatchObject({
      status: 503,
      message: 'busy',
    });
    const dead = { src: `http://127.0.0.1:${await findDeadPort()}`, key: null };
    const error = (await send(dead, { path: '/a' }).catch((cause) => cause)) as GatewayError;
    expect(error).toMatchObject({ name: 'GatewayError', status: null });
    expect(error.message).toMatch(/does not respond/u);
  });

  it('fails with the Retry-After of the answer', async () => {
    const full: Parameters<typeof startHost>[0][string] = (_request, response) =>
      void response.writeHead(429, { 'retry-after': '7' }).end('full');
    const host = await whileTesting(
      startHost({ '/a': full, '/b': text('full', 'text/plain', 429) }),
    );
    const gateway = { src: `http://127.0.0.1:${host.port}`, key: null };
    await expect(send(gateway, { path: '/a' })).rejects.toMatchObject({ retryAfterS: 7 });
    await expect(send(gateway, { path: '/b' })).rejects.toMatchObject({ retryAfterS: null });
  });

  it('that is aborted fails with AbortError', async () => {
    const host = await whileTesting(startHost({ '/a': () => {} }));
    const ending = new AbortController();
    onTestFinished(() => ending.abort());
    const request = send(
      { src: `http://127.0.0.1:${host.port}`, key: null },
      { path: '/a', signal: ending.signal },
    );
    setTimeout(() => ending.abort(), 20);
    await expect(request).rejects.toMatchObject({ name: 'AbortError' });
  });
});
