import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFetchTransport } from '../../src/gateway/fetch-transport.ts';
import type { UpstreamRequest } from '../../src/gateway/transport.ts';
import { webInbound } from '../../src/gateway/inbound.ts';
import { createNodeTransport } from '../../src/runtime/node/node-transport.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { findDeadPort } from '../hosts.ts';
import { answerName, startRecorder, type Recorder } from '../recorder.ts';

it.each([
  ['the web', webInbound],
  ['Node', createNodeTransport().inbound],
])('the inbound of %s reads a client’s headers by their names in lower case', (_, inbound) => {
  const client = new Request('http://paddock.test/', { headers: { 'X-A': '1', Accept: 'b' } });
  expect(inbound.readHeaders(client)).toEqual({ 'x-a': '1', accept: 'b' });
});

describe.each([
  [
    'fetch',
    () => createFetchTransport({ fetch: (url, init) => fetch(url, init), clock: systemClock }),
  ],
  ['sockets', () => createNodeTransport().transport],
])('the transport over %s', (_name, make) => {
  const transport = make();
  let host: Recorder;
  beforeAll(async () => {
    host = await startRecorder();
  });
  afterAll(() => host.close());

  const send = (options: Partial<UpstreamRequest> = {}) =>
    transport.send({
      base: `http://127.0.0.1:${host.port}`,
      path: '/x',
      method: 'POST',
      headers: { 'x-a': 'b' },
      body: new TextEncoder().encode('{}'),
      client: new Request('http://paddock.test/'),
      ...options,
    });

  it('sends bytes with their length, and answers with status, headers and body', async () => {
    host.reply(answerName('whole'));
    const answer = await send({ base: `http://127.0.0.1:${host.port}/base`, path: '/p?q' });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    const response = answer.toResponse({ 'x-own': 'yes' });
    expect([...response.headers]).toEqual([['x-own', 'yes']]);
    expect(await new Response(response.body).json()).toEqual({ name: 'whole' });
    expect(host.received.at(-1)).toMatchObject({
      method: 'POST',
      url: '/base/p?q',
      headers: { 'x-a': 'b', 'content-length': '2' },
    });
  });

  it('sends a stream, and no body at all', async () => {
    host.reply(answerName('any'));
    const stream = new Blob(['one', 'two']).stream();
    await send({ body: stream });
    expect(String(host.received.at(-1)?.body)).toBe('onetwo');
    await send({ body: null, method: 'DELETE' });
    expect(host.received.at(-1)?.method).toBe('DELETE');
    expect(host.received.at(-1)?.body.length).toBe(0);
  });

  it.each([204, 304])('answers %d without a body', async (status) => {
    host.reply((response) => response.writeHead(status).end());
    const response = (await send()).toResponse({});
    expect([response.status, await new Response(response.body).text()]).toEqual([status, '']);
  });

  it('rejects a status that HTTP does not allow', async () => {
    host.reply((response) => response.socket?.end('HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n'));
    const response = send().then((answer) => answer.toResponse({}));
    await expect(response).rejects.toThrow();
  });

  it('does not follow a redirect', async () => {
    host.reply((response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end());
    expect(await send()).toMatchObject({
      status: 302,
      headers: { location: 'http://127.0.0.1:9/' },
    });
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('decodes %s', async (encoding, compress) => {
    const text = 'text '.repeat(100_000);
    host.reply((response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(compress(text));
    });
    const answer = await send();
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(await new Response(answer.toResponse({}).body).text()).toBe(text);
  });

  it('fails a body that claims gzip and is not compressed', async () => {
    host.reply((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain'));
    const { body } = (await send()).toResponse({});
    await expect(new Response(body).text()).rejects.toThrow();
  });

  it('fails a body that breaks off, after the bytes that arrived', async () => {
    host.reply((response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 50);
    });
    const reader = (await send()).toResponse({}).body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('half');
    await expect(reader.read()).rejects.toThrow();
  });

  it('rejects when the connection is refused or ends before the headers', async () => {
    const dead = `http://127.0.0.1:${await findDeadPort()}`;
    await expect(send({ base: dead })).rejects.toThrow();
    host.reply((response) => response.destroy());
    await expect(send()).rejects.toThrow();
  });

  it.each([
    ['before it is sent', 0],
    ['while it waits for an answer', 50],
  ])('ends a request whose client goes away %s', async (_when, delayMs) => {
    host.reply(() => {});
    const leaving = new AbortController();
    const client = new Request('http://paddock.test/', { signal: leaving.signal });
    if (delayMs === 0) leaving.abort();
    else setTimeout(() => leaving.abort(), delayMs);
    const brokenOff = host.brokenOff();
    await expect(send({ client })).rejects.toMatchObject({ name: 'ClientGone' });
    if (delayMs > 0) await expect.poll(() => host.brokenOff()).toBe(brokenOff + 1);
  });

  it('ends a request whose answer is cancelled', async () => {
    host.reply((response) => void response.writeHead(200).write('first'));
    const brokenOff = host.brokenOff();
    const { body } = (await send()).toResponse({});
    await body!.cancel();
    await expect.poll(() => host.brokenOff()).toBe(brokenOff + 1);
  });

  it('applies backpressure to an answer that is not read', async () => {
    let written = 0;
    host.reply((response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(1 << 20);
      const write = () => {
        while (written < 128) {
          written += 1;
          if (!response.write(chunk)) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    });
    const answer = await send();
    await sleep(300);
    expect(written).toBeLessThan(32);
    const { body } = answer.toResponse({});
    await sleep(300);
    expect(written).toBeLessThan(32);
    let read = 0;
    for await (const chunk of body as ReadableStream<Uint8Array>) read += chunk.byteLength;
    expect(read).toBe(128 << 20);
  });
});
