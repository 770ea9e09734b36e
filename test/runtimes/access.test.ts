import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, open } from '../call.ts';
import { createRecorder, type Recorder } from '../recorder.ts';
import { BARE_RUNTIMES, type Instance, type Runtime } from './runtimes.ts';

const ORIGIN = 'http://localhost:5173';
const CHAT = '/v1/chat/completions';
const body = '{"model":"a/m","stream":true}';

/** Settings that stand between every request and its route. */
const ACCESS = { API_KEYS: 'other,alice:k3y', CORS_ORIGINS: ORIGIN };

describe.each(BARE_RUNTIMES)('keys and origins on %s', (_name, make) => {
  const host: Recorder = createRecorder();
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    await host.start();
    runtime = await make();
    const PROVIDERS = `a=openai://0ne-t0ken@127.0.0.1:${host.port}`;
    paddock = await runtime.start({ PROVIDERS, ...ACCESS });
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await host.close();
  });
  beforeEach(() => {
    host.received.length = 0;
  });

  const headers = { origin: ORIGIN, authorization: 'Bearer k3y' };

  it('let nobody in without a key, and say so to a page too', async () => {
    const reply = await call(paddock.url + CHAT, { body, headers: { origin: ORIGIN } });
    expect(reply.status).toBe(401);
    expect(reply.headers).toMatchObject({
      'www-authenticate': 'Bearer realm="paddock"',
      'access-control-allow-origin': ORIGIN,
    });
    expect(JSON.parse(reply.text)).toMatchObject({ error: { code: 'unauthorized' } });
    expect(host.received).toEqual([]);
  });

  it.each([
    ['a bearer', { authorization: 'Bearer k3y' }],
    ['x-api-key', { 'x-api-key': 'k3y' }],
    ['Basic', { authorization: `Basic ${Buffer.from('anyone:k3y').toString('base64')}` }],
  ])('let in who sends one as %s', async (_way, sent: Record<string, string>) => {
    const at = `${paddock.url}/api/roles`;
    expect((await call(at, { method: 'GET', headers: sent })).status).toBe(200);
  });

  it('let a page stream, piece by piece, and keep the key from the host', async () => {
    let goOn = () => {};
    host.reply((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: one\n\n');
      goOn = () => void response.end('data: two\n\n');
    });
    const { answer } = await open(paddock.url + CHAT, { body, headers }).opened;
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'x-paddock-provider': 'a',
      'x-accel-buffering': 'no',
    });
    let text = '';
    answer.on('data', (chunk: Buffer) => (text += String(chunk)));
    await expect.poll(() => text).toBe('data: one\n\n');
    goOn();
    await expect.poll(() => text).toBe('data: one\n\ndata: two\n\n');
    expect(host.received[0]?.headers.authorization).toBe('Bearer 0ne-t0ken');
    expect(JSON.stringify(host.received[0]?.headers)).not.toContain('k3y');
  });

  it('let a page that goes away end the host’s work', async () => {
    host.reply((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: one\n\n');
    });
    const before = host.brokenOff();
    const { answer, leave } = await open(paddock.url + CHAT, { body, headers }).opened;
    answer.on('error', () => {});
    leave();
    await expect.poll(() => host.brokenOff(), { timeout: 3000 }).toBe(before + 1);
  });
});
