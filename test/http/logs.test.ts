import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { chat, startHost as startSimulated, until } from '../demo/host-fixture.ts';
import {
  breakOff,
  findDeadPort,
  hang,
  json,
  startHost as startOddHost,
  text,
  whileTesting,
} from '../hosts.ts';
import { makeApp } from '../make-app.ts';

type Answers = Parameters<typeof startOddHost>[0];

/** An app with a simulated llama-swap `a` whose log has lines of two models, and `b` of kind openai. */
async function setUp(options: Parameters<typeof startSimulated>[0] = {}) {
  const host = await startSimulated(options);
  await (await chat(host.url, { model: 'small' })).text();
  await (await chat(host.url, { model: 'broken' })).text();
  const app = makeApp({
    PROVIDERS: `a=llama-swap://${new URL(host.url).host} b=openai://127.0.0.1:1`,
  });
  return { host, app, read: async (path: string) => (await app.ask(path)).text() };
}

/** An app with a provider of odd answers. */
async function setUpOdd(answers: Answers, clock: Partial<Clock> = {}) {
  const host = await whileTesting(startOddHost(answers));
  const PROVIDERS = `a=llama-swap://s3cret@127.0.0.1:${host.port}?timeout=300`;
  return makeApp({ PROVIDERS }, { clock });
}

/** A clock that runs three times as fast. */
const fast: Partial<Clock> = {
  monotonic: () => systemClock.monotonic() * 3,
  after: (milliseconds, callback) => systemClock.after(milliseconds / 3, callback),
};

/** Reads the next part of a stream as text. */
async function nextText(reader: { read(): Promise<{ value?: any }> }): Promise<string> {
  return new TextDecoder().decode((await reader.read()).value);
}

describe('/api/providers/{name}/logs', () => {
  it('answers the whole log as text that no browser runs', async () => {
    const { app } = await setUp();
    const answer = await app.ask('/api/providers/a/logs');
    expect(await answer.text()).toMatch(/^\[INFO\] <small> Executing.*<broken> Process exited/s);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': 'sandbox',
      'cache-control': 'no-store, no-transform',
    });
  });

  it.each([
    ['one model', 'broken', /failed to load model: out of memory\n$/],
    ['a model by its alias', 'tiny', /loading model '\/srv\/models\/small.gguf'.*listening/s],
    ['all model servers', 'upstream', /small\.gguf.*out of memory/s],
    ['a model that never ran', 'vendor%2Fbig%3Aq4', /^$/],
  ])('answers the part of %s, and ends', async (_what, model, expected) => {
    const { read, host } = await setUp();
    expect(await read(`/api/providers/a/logs?model=${model}`)).toMatch(expected);
    // Reading loads nothing.
    expect([...host.counts.loads]).toEqual([
      ['small', 1],
      ['broken', 1],
    ]);
  });

  it('follows new lines until the client leaves', async () => {
    const { app, host } = await setUp();
    const client = new AbortController();
    const { signal } = client;
    const answer = await app.ask('/api/providers/a/logs?model=small&follow=1', { signal });
    const reader = answer.body!.getReader();
    expect(await nextText(reader)).toContain('request: POST /v1/chat/completions 127.0.0.1 200');
    await (await chat(host.url, { model: 'small' })).text();
    expect(await nextText(reader)).toContain('loading model');
    await reader.cancel();
    await until(() => host.logReaders() === 0);
  });

  it('follows a log that is empty at first', async () => {
    const { app, host } = await setUp();
    const answer = await app.ask('/api/providers/a/logs?model=vendor&follow=1');
    expect(answer.status).toBe(200);
    const reader = answer.body!.getReader();
    const reading = nextText(reader);
    await (await chat(host.url, { model: 'vendor' })).text();
    expect(await reading).toContain('vendor.gguf');
    await reader.cancel();
    await until(() => host.logReaders() === 0);
  });

  it('passes bytes as they are', async () => {
    const bytes = '\u{1b}[31m<script>alert(1)</script>\u{1b}[0m s3cret\r\n';
    const app = await setUpOdd({ '/logs': text(bytes, 'text/plain') });
    expect(await (await app.ask('/api/providers/a/logs')).text()).toBe(bytes);
  });

  const running = { '/running': json({ running: [] }) };

  it('ends a busy log without follow', async () => {
    const write = (_request: unknown, response: ServerResponse) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('line\n'), 5);
      response.on('close', () => clearInterval(timer));
    };
    const app = await setUpOdd({ ...running, '/logs/stream/m': write }, fast);
    const log = await (await app.ask('/api/providers/a/logs?model=m')).text();
    expect(log.split('\n').length).toBeGreaterThan(3);
  });

  const invalid = (words: string) => text(`invalid logger. Use ${words}`, 'text/plain', 400);

  it.each<
    [what: string, query: string, answers: Answers, status: number, code: string, message: RegExp]
  >([
    [
      'an unknown model',
      '?model=m',
      { '/logs/stream/m': invalid("'proxy', 'upstream' or a model's ID") },
      404,
      'not_found',
      /no log of a model "m"/,
    ],
    [
      'a release without parts',
      '?model=m',
      {},
      409,
      'unsupported_by_provider',
      /too old to separate/,
    ],
    [
      'a release with two parts',
      '?model=m',
      { '/logs/stream/m': invalid("'proxy' or 'upstream'") },
      409,
      'unsupported_by_provider',
      /too old to separate/,
    ],
    ['no log at all', '', {}, 409, 'unsupported_by_provider', /^a does not support this request/],
    [
      'a wrong key',
      '',
      { '/logs': text('no', 'text/plain', 401) },
      502,
      'invalid_response',
      /rejected the key/,
    ],
    [
      'a redirect',
      '',
      { '/logs': text('', 'text/plain', 302) },
      502,
      'invalid_response',
      /HTTP 302/,
    ],
    [
      'a provider that hangs',
      '?follow=1',
      { '/logs/stream': hang, '/running': hang },
      504,
      'provider_timeout',
      /did not answer within 300 ms/,
    ],
    [
      'a provider that hangs, by model',
      '?model=m',
      { '/logs/stream/m': hang, '/running': hang },
      504,
      'provider_timeout',
      /did not answer/,
    ],
    ['a name that no path carries', '?model=..', running, 400, 'invalid_model_id', /path cannot/],
    ['an empty name', '?model=', running, 400, 'invalid_model_id', /no model/],
  ])('reports %s', async (_what, query, answers, status, code, message) => {
    const app = await setUpOdd(answers);
    const answer = await app.ask(`/api/providers/a/logs${query}`);
    const { error, src } = (await answer.json()) as any;
    expect([answer.status, error.code, src]).toEqual([status, code, 'paddock']);
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/s3cret|127\.0\.0\.1/);
  });

  it('is empty for a model that is silent, if the provider answers', async () => {
    const app = await setUpOdd({ ...running, '/logs/stream/m': hang });
    const answer = await app.ask('/api/providers/a/logs?model=m');
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('breaks off where the provider does', async () => {
    const app = await setUpOdd({ '/logs': breakOff });
    const answer = await app.ask('/api/providers/a/logs');
    await expect(answer.text()).rejects.toThrow();
  });

  it('reports a provider that is down, unknown or of another kind', async () => {
    const app = makeApp({
      PROVIDERS: `a=llama-swap://127.0.0.1:${await findDeadPort()} b=openai://127.0.0.1:1`,
    });
    const codeOf = async (name: string) =>
      (await app.read(`/api/providers/${name}/logs`)).error.code;
    expect(await codeOf('a')).toBe('provider_unreachable');
    expect(await codeOf('b')).toBe('unsupported_by_provider');
    expect(await codeOf('x')).toBe('unknown_provider');
  });

  it('needs an admin key where ADMIN_KEYS is set', async () => {
    const host = await startSimulated();
    const app = makeApp({
      PROVIDERS: `a=llama-swap://${new URL(host.url).host}`,
      API_KEYS: 'us3r',
      ADMIN_KEYS: 'adm1n',
    });
    const statusFor = async (key: string) =>
      (await app.ask('/api/providers/a/logs', { headers: { 'x-api-key': key } })).status;
    expect([await statusFor('us3r'), await statusFor('adm1n')]).toEqual([403, 200]);
  });
});
