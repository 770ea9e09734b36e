import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync, unzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CHAT, describeGateway, MAX_BODY_BYTES } from './gateway-fixture.ts';

describeGateway('requests', ({ one, two, sidecar, cloud, ask, chat }) => {
  describe('sends a request to the provider of its model', () => {
    it('and changes only the model in the JSON', async () => {
      const before =
        '{ "n":1.00000000000000000001e400,"x":{"model":"one/org/m:q4"}, "m\\u006fdel" :\n';
      const after = ',"é":"\\ud83d\\u0041 é","n":2 }\n';
      const body = `${before}"one\\/org/m:q4"${after}`;
      const { status, headers, text } = await ask(`${CHAT}?beta=true&x=%20a`, { body });
      expect([status, text]).toEqual([200, '{"name":"one"}']);
      expect(headers['x-paddock-provider']).toBe('one');
      expect(headers['x-paddock-model']).toBe('org/m:q4');
      expect(one.received).toHaveLength(1);
      expect(one.received[0]?.url).toBe(`${CHAT}?beta=true&x=%20a`);
      expect(one.received[0]?.body.toString()).toBe(`${before}"org/m:q4"${after}`);
      expect(one.received[0]?.headers['content-type']).toBe('application/json');
    });

    it.each([
      ['a composite ID', 'two/org/m:q4', 'two', 'org/m:q4'],
      ['a bare ID', 'org/m:q4', 'one', 'org/m:q4'],
      ['an alias', 'fast', 'one', 'org/m:q4'],
      ['an unlisted model', 'one/unlisted', 'one', 'unlisted'],
      ['any Unicode', 'one/模型 🐎 %2F', 'one', '模型 🐎 %2F'],
      ['the cloud', 'deepseek/deepseek-chat', 'cloud', 'deepseek-chat'],
      ['a local model with a vendor’s name in it', 'deepseek-r1:8b', 'one', 'deepseek-r1:8b'],
    ])('selected by %s', async (_kind, id, host, model) => {
      const { text, headers } = await chat(id);
      expect(text).toBe(JSON.stringify({ name: host }));
      const received = { one, two, cloud }[host]?.received[0];
      expect(JSON.parse(String(received?.body))).toEqual({ model });
      expect(
        decodeURIComponent(String(headers['x-paddock-model']).replaceAll('%2F', '%252F')),
      ).toBe(model);
    });

    it('under the base path of its provider', async () => {
      await chat('two/m');
      expect(two.received[0]?.url).toBe(`/base${CHAT}`);
    });

    it('with the default model if the request names none', async () => {
      await ask(CHAT, { body: '{"messages":[]}' });
      expect(JSON.parse(String(one.received[0]?.body))).toEqual({
        model: 'org/m:q4',
        messages: [],
      });
      await ask('/v1/audio/voices?x=1', { method: 'GET' });
      expect(one.received[1]?.url).toBe('/v1/audio/voices?x=1&model=org%2Fm%3Aq4');
    });

    it.each(['null', '""', ' null\n', '\t"" '])(
      'with the default model if the model is %j',
      async (model) => {
        const { status } = await ask(CHAT, { body: `{"a":null,"model":${model},"b":1}` });
        expect(status).toBe(200);
        expect(String(one.received[0]?.body)).toBe(
          `{"a":null,"model":${model.replace(/\S+/u, '"org/m:q4"')},"b":1}`,
        );
      },
    );

    it.each([
      ['?model=', '?model=org%2Fm%3Aq4'],
      ['?model&x=1', '?model=org%2Fm%3Aq4&x=1'],
      ['?x=%20&model=&y', '?x=%20&model=org%2Fm%3Aq4&y'],
    ])('with the default model if the query is %s', async (query, sent) => {
      for (const path of ['/v1/audio/voices', '/props']) {
        expect((await ask(path + query, { method: 'GET' })).status).toBe(200);
        expect(one.received.at(-1)?.url).toBe(path + sent);
      }
    });

    it('selected by the query', async () => {
      await ask('/sdapi/v1/loras?a=b%2Fc&model=two%2Fm%2F1&z=+', { method: 'GET' });
      expect(two.received[0]?.url).toBe('/base/sdapi/v1/loras?a=b%2Fc&model=m%2F1&z=+');
    });

    it('or to its sidecar for inference', async () => {
      await chat('side/m');
      await ask('/props?model=side/m', { method: 'GET' });
      await ask('/upstream/side/m/health', { method: 'GET' });
      expect(sidecar.received.map(({ url }) => url)).toEqual([CHAT]);
      expect(sidecar.received[0]?.headers.authorization).toBe('Bearer s1de-t0ken');
      expect(two.received.map(({ url }) => url)).toEqual(['/props?model=m', '/upstream/m/health']);
    });

    it('under /anthropic for DeepSeek, with the key in both headers', async () => {
      await ask('/v1/messages?beta=true', { body: '{"model":"deepseek/deepseek-chat"}' });
      await ask('/v1/messages/count_tokens', { body: '{"model":"one/m"}' });
      expect(cloud.received[0]?.url).toBe('/anthropic/v1/messages?beta=true');
      expect(cloud.received[0]?.headers).toMatchObject({
        authorization: 'Bearer d33p-key',
        'x-api-key': 'd33p-key',
      });
      expect(one.received[0]?.url).toBe('/v1/messages/count_tokens');
      expect(one.received[0]?.headers['x-api-key']).toBe('0ne-t0ken');
    });

    it('with max_tokens in chats with llama-swap only', async () => {
      const limit = ',"max_completion_tokens":7';
      await chat('one/m', limit);
      await chat('two/m', limit);
      await ask('/v1/completions', { body: `{"model":"one/m"${limit}}` });
      expect(one.received.map(({ body }) => String(body))).toEqual([
        '{"model":"m","max_tokens":7}',
        '{"model":"m","max_completion_tokens":7}',
      ]);
      expect(String(two.received[0]?.body)).toBe('{"model":"m","max_completion_tokens":7}');
    });
  });

  describe('passes a form on', () => {
    const boundary = '----paddock';
    const part = (field: string, value: string | Buffer, more = '') =>
      Buffer.concat([
        Buffer.from(
          `--${boundary}\r\ncontent-disposition: form-data; name="${field}"${more}\r\n\r\n`,
        ),
        Buffer.from(value),
        Buffer.from('\r\n'),
      ]);
    const end = Buffer.from(`--${boundary}--\r\n`);
    const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };

    it.each([
      ['before', true],
      ['after', false],
    ])('with the model %s the file', async (_place, isFirst) => {
      const file = part('file', randomBytes(3 << 20), '; filename="a.wav"');
      const form = (model: string) => {
        const parts = [part('model', model), file];
        return Buffer.concat([...(isFirst ? parts : parts.toReversed()), part('x', 'y'), end]);
      };
      const answer = await ask('/v1/audio/transcriptions', { body: form('two/whisper'), headers });
      expect(answer.text).toBe('{"name":"two"}');
      expect(two.received[0]?.body.equals(form('whisper'))).toBe(true);
      expect(two.received[0]?.headers['content-type']).toBe(headers['content-type']);
    });

    it('with the default model if its model is empty', async () => {
      const form = (model: string) =>
        Buffer.concat([part('x', 'y'), part('model', model), part('file', 'z'), end]);
      const answer = await ask('/v1/audio/transcriptions', { body: form(''), headers });
      expect(answer.text).toBe('{"name":"one"}');
      expect(String(one.received[0]?.body)).toBe(String(form('org/m:q4')));
    });

    it('as it arrives, before it is complete', async () => {
      let goOn = () => {};
      const waiting = new Promise<void>((resolve) => (goOn = resolve));
      async function* slowly() {
        yield Buffer.concat([part('model', 'one/whisper'), part('x', 'y')]);
        yield part('file', Buffer.alloc(1 << 20), '; filename="a"');
        await waiting;
        yield end;
      }
      const begun = one.begun();
      const answer = ask('/v1/audio/transcriptions', { body: slowly(), headers });
      await expect.poll(() => one.begun()).toBe(begun + 1);
      expect(one.received.length).toBe(0);
      goOn();
      expect((await answer).status).toBe(200);
      expect(String(one.received[0]?.body)).toContain('\r\n\r\nwhisper\r\n');
    });

    it.each([
      ['a second model', [part('model', 'one/a'), part('model', 'one/b'), end], 400],
      ['no end', [part('model', 'one/a')], 400],
      [
        'more bytes than MAX_BODY_BYTES',
        [part('model', 'one/a'), part('f', Buffer.alloc(MAX_BODY_BYTES))],
        413,
      ],
    ])('but refuses one with %s', async (_fault, parts, status) => {
      async function* pieces() {
        yield* parts;
      }
      const answer = await ask('/v1/images/edits', { body: pieces(), headers });
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.text)).toMatchObject({ src: 'paddock' });
      expect(one.received.length).toBe(0);
    });
  });

  it('passes /upstream on unchanged, with any method', async () => {
    one.reply((response, { method }) => {
      response.writeHead(method === 'GET' ? 301 : 200, { location: '/upstream/a/b/?q' }).end();
    });
    const moved = await ask('/upstream/one/a%2Fb/c%20d//e?x=/../y', { method: 'GET' });
    expect([moved.status, moved.headers.location]).toEqual([301, '/upstream/one/a/b/?q']);
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      await ask('/upstream/one/m/slots/0', {
        method,
        body: method === 'PUT' ? 'b\0dy' : undefined,
      });
    }
    await ask('/upstream/one%2Fm/head', { method: 'HEAD' });
    expect(one.received.map(({ method, url, body }) => [method, url, String(body)])).toEqual([
      ['GET', '/upstream/a%2Fb/c%20d//e?x=/../y', ''],
      ['PUT', '/upstream/m/slots/0', 'b\0dy'],
      ['PATCH', '/upstream/m/slots/0', ''],
      ['DELETE', '/upstream/m/slots/0', ''],
      ['OPTIONS', '/upstream/m/slots/0', ''],
      ['HEAD', '/upstream/m/head', ''],
    ]);
  });

  it('passes the client’s trace headers on unchanged and adds none', async () => {
    const headers = { traceparent: '00-no such  thing', tracestate: 'a=b,,  c' };
    await ask(CHAT, { body: '{"model":"one/m"}', headers });
    await chat('one/m');
    expect(one.received[0]?.headers).toMatchObject(headers);
    expect(one.received[1]?.headers).not.toHaveProperty('traceparent');
  });

  it('does not pass credentials and hop-by-hop headers on', async () => {
    one.reply((response) => {
      response.writeHead(401, {
        'access-control-allow-origin': '*',
        'content-type': 'application/json',
        'set-cookie': ['a=b', 'c=d'],
        'www-authenticate': 'Basic realm="llama-swap"',
        'x-kept': 'yes',
      });
      response.end('{"error":"no"}');
    });
    const answer = await ask(CHAT, {
      body: '{"model":"one/m"}',
      headers: {
        'accept-encoding': 'compress',
        authorization: 'Bearer cl1ent',
        connection: 'keep-alive, x-hop',
        cookie: 'session=cl1ent',
        te: 'trailers',
        'x-api-key': 'cl1ent',
        'x-hop': 'cl1ent',
        'x-stainless-lang': 'js',
        accept: 'text/weird',
      },
    });
    expect([answer.status, answer.text]).toEqual([401, '{"error":"no"}']);
    expect(answer.headers).toMatchObject({ 'x-kept': 'yes', 'x-paddock-provider': 'one' });
    for (const kept of ['set-cookie', 'www-authenticate', 'access-control-allow-origin']) {
      expect(answer.headers).not.toHaveProperty(kept);
    }
    const sent = one.received[0]?.headers;
    expect(sent).toMatchObject({
      accept: 'text/weird',
      'accept-encoding': 'identity',
      authorization: 'Bearer 0ne-t0ken',
      host: `127.0.0.1:${one.port}`,
      'x-stainless-lang': 'js',
    });
    expect(JSON.stringify(sent)).not.toContain('cl1ent');
    await chat('two/m');
    expect(two.received[0]?.headers.authorization).toBe('Bearer no-key');
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('decodes an answer that is compressed with %s', async (encoding, compress) => {
    const text = 'readable '.repeat(10_000);
    one.reply((response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': encoding });
      response.end(compress(text));
    });
    const answer = await chat('one/m');
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(answer.text).toBe(text);
  });

  it.each([
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
  ])('decodes an answer in %s, or keeps the header that names it', async (encoding, compress) => {
    const encoded = compress('readable');
    one.reply((response) => {
      response.writeHead(200, { 'content-encoding': encoding });
      response.end(encoded);
    });
    const { headers, body } = await chat('one/m');
    const isEncoded = headers['content-encoding'] === encoding;
    expect(isEncoded ? unzipSync(body).toString() : body.toString()).toBe('readable');
  });

  it.each(['gzip', 'br', 'deflate'])(
    'passes on an empty answer that claims %s',
    async (encoding) => {
      one.reply((response) => {
        response.writeHead(200, { 'content-encoding': encoding, 'content-length': 0 });
        response.end();
      });
      const { status, text } = await chat('one/m');
      expect([status, text]).toEqual([200, '']);
    },
  );
});
