import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../call.ts';
import { startRecorder, type Recorder } from '../recorder.ts';
import { RUNTIMES, type Instance, type Runtime } from './runtimes.ts';

const CHAT = '/v1/chat/completions';
const KEYS = { API_KEYS: 'us3r', ADMIN_KEYS: 'ann:adm1n', METRICS_KEYS: 'm3trics' };

describe.each(RUNTIMES)('keys on %s', (name, make) => {
  let host: Recorder;
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    host = await startRecorder();
    runtime = await make();
    const PROVIDERS = `a=openai://127.0.0.1:${host.port}`;
    paddock = await runtime.start({ PROVIDERS, ...KEYS });
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await host?.close();
  });

  const ask = (path: string, key: string, headers: Record<string, string> = {}) =>
    call(paddock.url + path, { method: 'GET', headers: { 'x-api-key': key, ...headers } });

  it('grant access to their own routes only', async () => {
    const metrics = name === 'workerd' ? 404 : 200;
    for (const [key, statuses] of Object.entries({
      us3r: [200, metrics],
      adm1n: [200, metrics],
      m3trics: [403, metrics],
      wr0ng: [401, 401],
    })) {
      const found = [await ask('/api/roles', key), await ask('/metrics', key)];
      expect([key, found.map(({ status }) => status)]).toEqual([key, statuses]);
    }
  });

  it('show addresses to administrators only', async () => {
    const [admin, user] = [
      await ask('/api/resolve?model=a/m', 'adm1n'),
      await ask('/api/resolve?model=a/m', 'us3r'),
    ];
    expect(JSON.parse(admin.text).upstream.inference).toBe(`http://127.0.0.1:${host.port}`);
    expect(JSON.parse(user.text).upstream).toBeNull();
    expect(user.text).not.toContain('127.0.0.1');
  });

  it('are answered slowly after many wrong ones, except right ones and those of other addresses', async () => {
    const startedAt = performance.now();
    const answers: { status: number; atMs: number; retryAfter: string | undefined }[] = [];
    const wrong = Array.from({ length: 80 }, async (_, at) => {
      // Addresses in headers are not trusted.
      const forged = { 'x-forwarded-for': `192.0.2.${at}`, forwarded: `for=192.0.2.${at}` };
      const { status, headers } = await ask('/api/roles', `wr0ng-${at}`, forged);
      const retryAfter = headers['retry-after'];
      answers.push({ status, atMs: performance.now() - startedAt, retryAfter });
    });
    await expect.poll(() => answers.length).toBeGreaterThanOrEqual(15);
    const times: number[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      const sentAt = performance.now();
      const path = turn % 2 === 0 ? '/api/roles' : '/health';
      expect((await ask(path, ['us3r', 'adm1n'][turn % 2] ?? '')).status).toBe(200);
      times.push(performance.now() - sentAt);
    }
    expect(Math.max(...times)).toBeLessThan(900);
    // A missing key does not count as a wrong one.
    const sentAt = performance.now();
    expect((await call(`${paddock.url}/api/roles`, { method: 'GET' })).status).toBe(401);
    expect(performance.now() - sentAt).toBeLessThan(900);
    // On Workers, only the platform tells the client's address.
    if (name !== 'workerd') {
      const askedAt = performance.now();
      expect(await askFrom('127.0.0.2', `${paddock.url}/api/roles`)).toBe(401);
      expect(performance.now() - askedAt).toBeLessThan(900);
    }
    await Promise.all(wrong);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    const late = answers.filter(({ atMs }) => atMs > 900);
    expect(late.length).toBeGreaterThanOrEqual(58);
    expect(late.filter(({ atMs }) => atMs > 4500).length).toBeGreaterThanOrEqual(50);
    expect(late.every(({ retryAfter }) => Number(retryAfter) >= 1)).toBe(true);
    expect(host.received.filter(({ url }) => url === CHAT)).toEqual([]);
    if (name === 'workerd') return;
    const warnings = paddock.output().match(/"level":"warn".*wrong keys.*/gu);
    expect(warnings).toEqual([
      expect.stringContaining('More than 20 wrong keys came from 127.0.0.1'),
    ]);
    expect(paddock.output()).not.toMatch(/wr0ng|us3r|adm1n/u);
  });
});

/** The status of a request with a wrong key from another local address. */
function askFrom(localAddress: string, url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-api-key': 'wr0ng' };
    request(url, { localAddress, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });
}
