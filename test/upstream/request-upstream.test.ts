import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Body } from '../../src/registry/own-request.ts';
import { MODEL_LIST } from '../../src/registry/kinds/openai-list.ts';
import {
  PROFILES,
  PROPS,
  RUNNING,
  RUNNING_ENTRIES,
  CHANGED,
  VERSION,
} from '../../src/registry/kinds/llama-swap-bodies.ts';
import { breakOff, findDeadPort, flood, hang, json, startHost, text } from '../hosts.ts';
import { connect, failureOf, KEY, serve, simulate, type Answers } from './upstream-fixture.ts';

describe('MODEL_LIST', () => {
  it.each(['current', 'v230', 'old'] as const)('is read from release %s', async (release) => {
    const { request, host } = await simulate({ release });
    const headers = { authorization: `Bearer ${KEY}` };
    const { data } = (await (await fetch(`${host.url}/v1/models`, { headers })).json()) as any;
    const list = await request({ path: '/v1/models', body: MODEL_LIST });
    if (list.kind !== 'ok') return expect.fail(inspect(list));
    const timeless = (records: readonly unknown[]) =>
      records.map((record) => ({ ...(record as object), created: 0 }));
    expect(timeless(list.value.data)).toEqual(timeless(data));
  });
});

describe('RUNNING_ENTRIES', () => {
  const options = { path: '/running', body: RUNNING_ENTRIES };

  it.each(['current', 'v230'] as const)('is read unchanged from release %s', async (release) => {
    const { request, host } = await simulate({ release, loaded: 'small' });
    const value = { running: host.running() };
    expect(await request(options)).toEqual({ kind: 'ok', value });
  });

  it('accepts a command line of 1 MiB, and unknown fields', async () => {
    const running = [{ model: 'a', cmd: 'x'.repeat(1024 * 1024), odd: [1] }];
    const { request } = await serve({ '/running': json({ running, more: true }) });
    expect(await request(options)).toEqual({ kind: 'ok', value: { running, more: true } });
  });

  it('is unexpected when it is nested too deeply to pass on', async () => {
    const nested = `{"running":[],"odd":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const { request } = await serve({ '/running': text(nested, 'application/json') });
    expect(await request(options)).toMatchObject({ kind: 'unexpected' });
  });
});

describe('VERSION', () => {
  const options = { path: '/api/version', body: VERSION };

  it('is read from releases since v173', async () => {
    const version = { version: '251', commit: 'd3m0d3m0', build_date: '2026-08-20T09:00:00Z' };
    const { request } = await simulate({});
    expect(await request(options)).toEqual({ kind: 'ok', value: version });
  });

  it('is a 404 at older releases', async () => {
    const { request } = await simulate({ release: 'old' });
    expect(await request(options)).toMatchObject({ kind: 'status', status: 404 });
  });
});

describe.each<[string, Body<unknown>, unknown[], unknown[]]>([
  [
    'MODEL_LIST',
    MODEL_LIST,
    [{ data: {} }, { data: 'a' }, { data: null }, {}, [], null],
    [{ data: [1] }, { object: 'list', data: null }, { data: [], models: 7 }],
  ],
  ['RUNNING', RUNNING, [[{ running: [] }], { running: {} }, {}], [{ running: ['a', null] }]],
  [
    'RUNNING_ENTRIES',
    RUNNING_ENTRIES,
    [[{ running: [] }], { running: {} }, { running: ['a'] }, { running: [[]] }, {}],
    [{ running: [{}] }],
  ],
  ['VERSION', VERSION, [{ version: 1 }, { version: 'v', commit: 1 }, {}], [{ version: '' }]],
  [
    'PROFILES',
    PROFILES,
    [{}, { active: 1, profiles: [] }],
    [
      { active: '', profiles: [7] },
      { active: null, profiles: null },
    ],
  ],
  ['PROPS', PROPS, [null, 'x', 1], [{}, { default_generation_settings: 1, modalities: [] }]],
  ['CHANGED', CHANGED, [['ok'], { error: 'no' }, 'ok', null], ['OK', { msg: 'ok' }]],
])('the body %s', (_name, body, invalid, valid) => {
  it.each(invalid.map((value) => [value]))('refuses %j', async (value) => {
    const { request } = await serve({ '/x': json(value) });
    expect(await request({ path: '/x', body })).toMatchObject({ kind: 'unexpected', status: 200 });
  });

  it.each(valid.map((value) => [value]))('accepts %j', async (value) => {
    const { request } = await serve({ '/x': json(value) });
    expect(await request({ path: '/x', body })).toMatchObject({ kind: 'ok' });
  });
});

it('reads the pins of the active profile only', async () => {
  const profiles = [
    { id: 'a', pins: { x: 'y' } },
    { id: 'b', pins: { x: 'z', gone: '', odd: 1 } },
  ];
  const { request } = await serve({ '/api/profiles': json({ active: 'b', profiles }) });
  const outcome = await request({ path: '/api/profiles', body: PROFILES });
  expect(outcome).toEqual({ kind: 'ok', value: new Map([['x', 'z']]) });
});

describe('an outcome', () => {
  const options = { path: '/running', body: RUNNING };
  const start = 'GET /running: HTTP';

  it.each([300, 307, 400, 401, 404, 429, 500, 503])('is the status %i', async (status) => {
    const { request } = await serve({ '/running': json({ error: { message: 'no' } }, status) });
    const reason = status < 400 ? 'a redirect, which is not followed' : 'no';
    const unread = await failureOf(request(options));
    expect(unread).toMatchObject({ kind: 'status', status, body: '' });
    const read = await failureOf(request({ ...options, readsErrors: true }));
    expect(read).toMatchObject({ body: '{"error":{"message":"no"}}' });
    expect(read.cause.message).toBe(`${start} ${status}: ${reason}`);
  });

  it('has at most 64 KiB of an error', async () => {
    const { request } = await serve({ '/running': text('x'.repeat(200_000), 'text/plain', 500) });
    const { body } = (await failureOf(request({ ...options, readsErrors: true }))) as any;
    expect(body).toHaveLength(64 * 1024);
  });

  it('does not wait for the unread body of an error', async () => {
    const { request } = await serve({
      '/running': (_request, response) => void response.writeHead(503).write('slow'),
    });
    expect(await request(options)).toMatchObject({ kind: 'status', status: 503 });
  });

  it('does not wait for the body of an answer that is not read', async () => {
    const { request } = await serve({
      '/running': (_request, response) => void response.writeHead(200).write('slow'),
    });
    expect(await request({ path: '/running' })).toEqual({ kind: 'ok', value: null });
  });

  it.each<[string, Answers[string], RegExp, boolean]>([
    ['an HTML page', text('<html>Welcome</html>'), /expected .* but received HTML$/, false],
    ['an empty body', text(''), /received nothing$/, false],
    ['an array', json([]), /other JSON$/, false],
    ['null', json(null), /other JSON$/, false],
    ['broken JSON', text('{"data":['), /text that is not JSON$/, false],
    ['a long HTML page', text(`<p>${'x'.repeat(100_000)}`), /received HTML$/, false],
    ['more than 8 MiB', flood(9 * 1024 * 1024), /more than 8388608 bytes$/, true],
  ])('is unexpected for %s', async (_what, answer, message, isTooLarge) => {
    const { request } = await serve({ '/running': answer });
    const failure = await failureOf(request(options));
    expect(failure).toMatchObject({ kind: 'unexpected', status: 200, isTooLarge });
    expect(failure.cause.message).toMatch(message);
    expect(failure.cause.message.startsWith(`${start} 200: `)).toBe(true);
  });

  it('is a timeout when the signal is aborted, before or during an answer', async () => {
    const half: Answers[string] = (_request, response) => void response.write('{"running":[');
    for (const answer of [hang, half]) {
      const { requestUpstream, provider } = await serve({ '/running': answer });
      const signal = AbortSignal.timeout(60);
      const failure = await failureOf(requestUpstream(provider, { ...options, signal }));
      expect(failure).toEqual({ kind: 'timeout', cause: signal.reason });
    }
  });

  it('is unreachable without a connection', async () => {
    const { request, thrown } = connect(await findDeadPort());
    const failure = await failureOf(request(options));
    expect(failure).toMatchObject({ kind: 'unreachable', cause: { code: 'ECONNREFUSED' } });
    expect(failure.cause).toBe(thrown[0]);
  });

  it('is cut off when an answer breaks off', async () => {
    const { request } = await serve({ '/running': breakOff });
    const failure = await failureOf(request(options));
    expect(failure).toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(['cut-off', 'unreachable']).toContain(failure.kind);
  });
});

describe('a request', () => {
  it('has the key and accepts JSON', async () => {
    const { request, headers } = await serve({ '/x': json({}) });
    await request({ path: '/x' });
    expect(headers[0]?.get('authorization')).toBe(`Bearer ${KEY}`);
    expect(headers[0]?.get('accept')).toBe('application/json');
  });

  it("goes to the provider's base path, and never to its sidecar", async () => {
    const host = await startHost({ '/base/x': json({}) });
    onTestFinished(() => host.close());
    const sidecar = `?sidecar=http://127.0.0.1:${await findDeadPort()}`;
    const { request, sent } = connect(host.port, { base: '/base', sidecar });
    expect(await request({ path: '/x' })).toEqual({ kind: 'ok', value: null });
    expect(sent).toEqual(['GET /x']);
  });
});
