import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Recorder } from '../recorder.ts';
import { describeGateway } from './gateway-fixture.ts';

const GET = { method: 'GET' };

/** Headers that are dangerous in a browser, and some that clients need. */
const HEADERS = {
  'content-type': 'text/html',
  'cache-control': 'max-age=60',
  'clear-site-data': '"*"',
  'content-security-policy': "default-src 'self' 'unsafe-inline'",
  etag: '"1"',
  link: '</api/providers?refresh=1>; rel=preload; as=fetch',
  nel: '{"report_to":"x","max_age":60}',
  refresh: '0; url=https://elsewhere.example/',
  'report-to': '{}',
  'service-worker-allowed': '/',
  'set-cookie': 'a=b',
  'strict-transport-security': 'max-age=60',
  'www-authenticate': 'Basic',
  'x-accel-redirect': '/secret',
  'x-content-type-options': 'sniff',
  'x-kept': 'yes',
  'x-paddock-note': 'theirs',
};

/** Every route that passes an answer on. */
const WAYS: [string, string, Record<string, string>?][] = [
  ['POST', '/v1/chat/completions'],
  ['POST', '/v1/messages'],
  ['POST', '/v1/audio/voices'],
  ['POST', '/sdapi/v1/txt2img'],
  ['POST', '/audioapi/v1/tasks/run'],
  ['GET', '/v1/audio/voices?model=one/m'],
  ['GET', '/sdapi/v1/loras?model=one/m'],
  ['GET', '/props?model=one/m'],
  ['GET', '/upstream/one/m/page'],
  ['POST', '/upstream/one/m/page'],
  ['DELETE', '/upstream/one/m/page'],
  ['OPTIONS', '/upstream/one/m/page'],
  ['HEAD', '/upstream/one/m/page'],
];

const ENCODINGS: [string, (text: string) => Buffer][] = [
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
];

/** Sends an encoded body, with its length or in chunks. */
function sendEncoded(host: Recorder, answer: { encoding: string; bytes: Buffer; whole: boolean }) {
  const { encoding, bytes, whole } = answer;
  host.reply((response) => {
    response.writeHead(200, {
      'content-type': 'text/html',
      'content-encoding': encoding,
      ...(whole && { 'content-length': bytes.length }),
    });
    response.write(bytes.subarray(0, 20));
    setTimeout(() => response.end(bytes.subarray(20)), 20);
  });
}

describeGateway('makes answers of providers harmless in a browser', (gateway) => {
  const { one, ask, runtime } = gateway;

  it.each(WAYS)('removes dangerous headers: %s %s', async (method, path) => {
    one.reply((response) => response.writeHead(200, HEADERS).end('<script>1</script>'));
    const body = method === 'POST' ? '{"model":"one/m"}' : undefined;
    const { status, headers } = await ask(path, { method, body });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'max-age=60',
      'content-security-policy': 'sandbox',
      'content-type': 'text/html',
      etag: '"1"',
      'x-content-type-options': 'nosniff',
      'x-kept': 'yes',
    });
    const kept =
      'clear-site-data link nel refresh report-to service-worker-allowed set-cookie strict-transport-security www-authenticate x-accel-redirect x-paddock-note';
    for (const name of kept.split(' ')) expect(headers).not.toHaveProperty(name);
  });

  it.each([200, 204, 206, 301, 304, 401, 403, 404, 407, 429, 500, 503])(
    'removes dangerous headers from answers with status %d',
    async (status) => {
      one.reply((response) => {
        response.writeHead(status, { ...HEADERS, 'proxy-authenticate': 'Basic' }).end();
      });
      const answer = await ask('/upstream/one/m/page', GET);
      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject({ 'content-security-policy': 'sandbox' });
      for (const name of ['clear-site-data', 'www-authenticate', 'proxy-authenticate']) {
        expect(answer.headers).not.toHaveProperty(name);
      }
    },
  );

  // workerd treats a 103 as the answer.
  const onServers = runtime === 'workerd' ? () => {} : it;
  onServers('does not pass early hints on', async () => {
    one.reply((response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
      setTimeout(() => response.end('late'), 20);
    });
    const { status, text, headers } = await ask('/upstream/one/m/page', GET);
    expect([status, text, headers.link]).toEqual([200, 'late', undefined]);
  });

  it.each([
    ['a route of Paddock', '/api/providers/two/unload'],
    ['a model of another provider', '/props?model=two/m'],
    ['a path with dots', '/upstream/..%2F../api/unload'],
    ['another host', 'https://elsewhere.example/'],
  ])('does not redirect to %s', async (_what, location) => {
    one.reply((response) => response.writeHead(307, { location }).end());
    const body = '{"model":"one/m"}';
    const { status, headers } = await ask('/v1/chat/completions', { body });
    expect([status, headers.location]).toEqual([
      307,
      location.startsWith('/upstream') ? '/upstream/one/..%2F../api/unload' : undefined,
    ]);
  });

  // workerd refuses answers with trailers.
  onServers('passes answers on that announce a trailer', async () => {
    one.reply((response) => {
      response.writeHead(200, { 'content-type': 'text/plain', trailer: 'x-sum' });
      response.write('ok');
      response.addTrailers({ 'x-sum': '1' });
      response.end();
    });
    const { status, text, headers } = await ask('/upstream/one/m/page', GET);
    expect([status, text, headers.trailer]).toEqual([200, 'ok', 'x-sum']);
    for (const [method = '', head] of [
      ['HEAD', 'transfer-encoding: chunked'],
      ['GET', 'content-length: 0'],
    ]) {
      one.reply(({ socket }) =>
        socket?.end(`HTTP/1.1 200 OK\r\n${head}\r\ntrailer: x-sum\r\n\r\n`),
      );
      expect((await ask('/upstream/one/m/page', { method })).status).toBe(200);
    }
  });

  it('does not tell the provider which page asks', async () => {
    const headers = {
      referer: 'http://paddock.example/private',
      'sec-ch-ua': '"x"',
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
      'sec-gpc': '1',
    };
    await ask('/v1/chat/completions', { body: '{"model":"one/m"}', headers });
    await ask('/upstream/one/m/x', { ...GET, headers });
    for (const received of one.received) {
      const names = Object.keys(received.headers);
      expect(names.filter((name) => /^(?:origin|referer|sec-.*)$/u.test(name))).toEqual([]);
    }
    expect(one.received).toHaveLength(2);
  });

  it('refuses service worker scripts', async () => {
    const headers = { 'service-worker': 'script', 'sec-fetch-site': 'same-origin' };
    for (const path of ['/upstream/one/m/sw.js', '/props?model=one/m']) {
      const { status, text } = await ask(path, { ...GET, headers });
      expect([status, JSON.parse(text).error.code]).toEqual([403, 'forbidden_origin']);
    }
    expect(one.received).toEqual([]);
  });

  describe.each([
    ['whole', true],
    ['in pieces', false],
  ])('passes an encoded body on, sent %s', (_how, whole) => {
    const text = 'page '.repeat(5000);
    it.each(ENCODINGS)('with %s', async (encoding, encode) => {
      const bytes = encode(text);
      sendEncoded(one, { encoding, bytes, whole });
      const accepted = { ...GET, headers: { 'accept-encoding': `${encoding}, deflate` } };
      const answer = await ask('/upstream/one/m/', accepted);
      // The platform sets accept-encoding of a Worker's requests.
      const asked = runtime === 'workerd' ? 'br, gzip' : `${encoding}, deflate`;
      expect(one.received[0]?.headers['accept-encoding']).toBe(asked);
      expect(answer.headers['content-encoding']).toBe(encoding);
      expect(answer.body.equals(bytes)).toBe(true);
      // Bun and workerd send streams without content-length.
      if (whole && runtime === 'Node') {
        expect(answer.headers['content-length']).toBe(String(bytes.length));
      }
    });
  });

  it.each([
    ['sends identity', { 'accept-encoding': 'identity' }],
    ['sends no accept-encoding', {}],
  ])('decodes an encoded answer for a client that %s', async (_, headers) => {
    sendEncoded(one, { encoding: 'gzip', bytes: gzipSync('page'), whole: true });
    const answer = await ask('/upstream/one/m/', { ...GET, headers });
    // On Workers the platform decodes, and only for clients that send accept-encoding.
    if (runtime === 'workerd' && !('accept-encoding' in headers)) return;
    if (runtime !== 'workerd') {
      expect(one.received[0]?.headers['accept-encoding']).toBe('identity');
    }
    expect([answer.headers['content-encoding'], answer.text]).toEqual([undefined, 'page']);
  });

  it('passes an unknown encoding on as it is', async () => {
    sendEncoded(one, { encoding: 'constructor', bytes: Buffer.alloc(40, 'a'), whole: true });
    const answer = await ask('/v1/chat/completions', { body: '{"model":"one/m"}' });
    expect([answer.status, answer.text]).toEqual([200, 'a'.repeat(40)]);
  });
});
