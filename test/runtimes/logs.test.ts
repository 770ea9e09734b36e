import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, open } from '../call.ts';
import { findDeadPort } from '../hosts.ts';
import { readLines, type Line } from '../log-lines.ts';
import { createRecorder, type Recorder } from '../recorder.ts';
import { RUNTIMES, type Instance, type Runtime } from './runtimes.ts';

const CHAT = '/v1/chat/completions';
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const KEY = { authorization: 'Bearer cl1ent-key' };
const WORDS = ['my own prompt', 'its own answer', 'cl1ent-key', 'h0st-key'];
const MAX_BODY_BYTES = 10_000;

describe.each(RUNTIMES)('the log on %s', (name, make) => {
  const host: Recorder = createRecorder((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'of-the-host' });
    response.end(JSON.stringify({ content: 'its own answer' }));
  });
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    await host.start();
    runtime = await make();
    const dead = await findDeadPort();
    paddock = await runtime.start({
      PROVIDERS: `a=openai://h0st-key@127.0.0.1:${host.port} dead=openai://127.0.0.1:${dead}`,
      API_KEYS: 'laptop:cl1ent-key',
      MAX_BODY_BYTES: String(MAX_BODY_BYTES),
      LOG_LEVEL: 'debug',
    });
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await host.close();
  });

  const findLine = async (id: unknown) => {
    const find = () => readLines(paddock.output()).find(({ requestId }) => requestId === id);
    await expect.poll(find, { timeout: 5000 }).toBeDefined();
    return find() as Line;
  };
  const chat = (model: string, headers: Record<string, string> = {}) =>
    call(paddock.url + CHAT, {
      headers: { ...KEY, ...headers },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'my own prompt' }] }),
    });

  it('has a JSON line for each request, with the ID that client and upstream got', async () => {
    const { headers } = await chat('a/m', { 'x-request-id': 'req_1' });
    expect(headers['x-request-id']).toBe('req_1');
    expect(host.received.at(-1)?.headers['x-request-id']).toBe('req_1');
    const line = await findLine('req_1');
    expect(line).toMatchObject({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      method: 'POST',
      path: CHAT,
      route: CHAT,
      client: 'laptop',
      provider: 'a',
      model: 'm',
      status: 200,
      end: name === 'workerd' ? 'handed_over' : 'complete',
      firstByteMs: expect.any(Number),
      durationMs: expect.any(Number),
      msg: `POST ${CHAT} 200`,
    });
    expect(Math.abs(Date.now() - Date.parse(String(line['time'])))).toBeLessThan(60_000);
  });

  it.each<[string, number, string, { method?: string; body?: string; headers?: object }]>([
    ['an answer of an upstream', 200, CHAT, { body: '{"model":"a/m"}' }],
    ['an unreachable provider', 502, CHAT, { body: '{"model":"dead/m"}' }],
    [
      'a wrong key',
      401,
      CHAT,
      { body: '{"model":"a/m"}', headers: { authorization: 'Bearer no' } },
    ],
    ['no key on Anthropic’s routes', 401, '/v1/messages', { headers: { authorization: '' } }],
    ['a body that is too large', 413, CHAT, { body: ' '.repeat(MAX_BODY_BYTES + 1) }],
    ['a missing route', 404, '/no/such/route', { method: 'GET' }],
    ['a wrong method', 405, '/api/models', { method: 'DELETE' }],
    ['a body that is not JSON', 400, '/api/favorites', { method: 'PUT', body: 'my own prompt' }],
    ['a page', 200, '/docs', { method: 'GET' }],
    ['health', 200, '/health', { method: 'GET' }],
  ])('has a line with the ID of the answer for %s', async (_what, status, path, sent) => {
    const { method = 'POST', body, headers } = sent;
    const reply = await call(paddock.url + path, { method, body, headers: { ...KEY, ...headers } });
    expect(reply.status).toBe(status);
    const id = reply.headers['x-request-id'];
    expect(id).toMatch(UUID);
    expect(await findLine(id)).toMatchObject({ method, path, status });
  });

  it('has a line for an event stream when it ends', async () => {
    const headers = { ...KEY, 'x-request-id': 'events-1' };
    const stream = await open(`${paddock.url}/api/events`, { method: 'GET', headers }).opened;
    expect(stream.answer.headers['x-request-id']).toBe('events-1');
    await sleep(300);
    stream.answer.on('error', () => {});
    stream.leave();
    const line = await findLine('events-1');
    expect(line['end']).toBe(name === 'workerd' ? 'complete' : 'client_gone');
    await sleep(300);
    const all = readLines(paddock.output()).filter(({ requestId }) => requestId === 'events-1');
    expect(all).toHaveLength(1);
  });

  it('has the cause and the stack of an error at level debug', async () => {
    const { headers } = await chat('dead/m');
    expect(await findLine(headers['x-request-id'])).toMatchObject({
      level: 'error',
      code: 'provider_unreachable',
      provider: 'dead',
      reason: expect.stringMatching(/^[^\n]+$/),
      stack: expect.stringMatching(/\n +at /),
      msg: expect.stringMatching(/502: dead /),
    });
  });

  it('passes the client’s trace headers on unchanged', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const tracestate = 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE , vendor@x=%20"y"';
    await chat('a/m', { traceparent, tracestate });
    expect(host.received.at(-1)?.headers).toMatchObject({ traceparent, tracestate });
    await chat('a/m');
    expect(host.received.at(-1)?.headers).not.toHaveProperty('tracestate');
  });

  it('escapes line breaks and control characters of clients', async () => {
    const { headers } = await chat('a/\u009b31m\u2028{"level":"error"}\u202e');
    const line = await findLine(headers['x-request-id']);
    const path = `/%1b[31m%0a%7B%22level%22:%22error%22%7D%C2%9B%E2%80%AE`;
    const lost = await call(paddock.url + path, { method: 'GET', headers: KEY });
    await findLine(lost.headers['x-request-id']);
    expect([line['status'], lost.status]).toEqual([400, 404]);
    const written = paddock.output().split('\n');
    for (const text of written.filter((one) => one.includes('{"level"'))) {
      expect(/\{"level".*\}/.exec(text)?.[0]).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
    }
  });

  it('contains no prompt, answer or key at level debug', () => {
    const output = paddock.output();
    expect(output).toContain(`POST ${CHAT} 200`);
    for (const words of WORDS) expect(output).not.toContain(words);
  });
});
