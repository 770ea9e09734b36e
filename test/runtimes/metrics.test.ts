import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, describe, it } from 'vitest';
import { call, open } from '../call.ts';
import { findDeadPort, whileTesting } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { parseScrape } from '../prometheus.ts';
import { startRecorder } from '../recorder.ts';
import { SERVERS, startForTest, startServer } from './runtimes.ts';

const CHAT = '/v1/chat/completions';
const KEY = { authorization: 'Bearer k3y' };
const GET = { method: 'GET', headers: KEY };

/** An upstream with two models, of which one is loaded. */
const LISTS: Record<string, string> = {
  '/v1/models': '{"data":[{"id":"m"},{"id":"n"}]}',
  '/running': '{"running":[{"model":"m","state":"ready"}]}',
};

/** Metrics of prom-client for any process. */
const OF_PROCESS = {
  process_cpu_seconds_total: 'counter',
  process_resident_memory_bytes: 'gauge',
  process_open_fds: 'gauge',
  process_max_fds: 'gauge',
  nodejs_eventloop_lag_seconds: 'gauge',
  nodejs_eventloop_lag_p99_seconds: 'gauge',
  nodejs_heap_size_used_bytes: 'gauge',
};

const OF_PADDOCK = {
  paddock_build_info: 'gauge',
  paddock_requests_total: 'counter',
  paddock_request_ends_total: 'counter',
  paddock_errors_total: 'counter',
  paddock_requests_in_flight: 'gauge',
  paddock_request_first_byte_seconds: 'histogram',
  paddock_request_duration_seconds: 'histogram',
  paddock_request_bytes_total: 'counter',
  paddock_response_bytes_total: 'counter',
  paddock_probes_total: 'counter',
  paddock_probe_duration_seconds: 'histogram',
  paddock_provider_up: 'gauge',
  paddock_provider_checked_timestamp_seconds: 'gauge',
  paddock_provider_models: 'gauge',
  paddock_provider_models_loaded: 'gauge',
  paddock_database_up: 'gauge',
  paddock_favorites: 'gauge',
  paddock_favorites_hidden: 'gauge',
};

describe.each(SERVERS)('metrics on %s', (name, server) => {
  const start = (settings: Record<string, string>) =>
    startForTest(startServer(server, { cwd: makeFolder(), settings }));

  it('count requests, errors, probes, models and favorites', async () => {
    const host = await whileTesting(
      startRecorder((response, { url, body }) => {
        const listed = LISTS[url];
        if (listed !== undefined) return void response.end(listed);
        if (url !== CHAT) return void response.writeHead(404).end();
        const { mode } = JSON.parse(String(body)) as { mode?: string };
        if (mode === 'fault') return void response.writeHead(500).end('{"error":"no memory"}');
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: one\n\n');
        if (mode === 'die') setTimeout(() => response.destroy(), 50);
        else if (mode !== 'go-on') setTimeout(() => response.end('data: two\n\n'), 120);
      }),
    );
    const paddock = await start({
      PROVIDERS: `a=llama-swap://127.0.0.1:${host.port} gone=llama-swap://127.0.0.1:${await findDeadPort()}`,
      API_KEYS: 'laptop:k3y',
    });
    const chat = (model: string, mode?: string) => ({
      body: JSON.stringify({ model, mode }),
      headers: KEY,
    });
    const ask = (path: string, options = {}) => call(paddock.url + path, options);

    await ask('/api/models', GET);
    for (const id of ['a/m', 'a/none']) {
      await ask(`/api/favorites/${id}`, { method: 'PUT', headers: KEY });
    }
    await ask(CHAT, chat('a/m'));
    await ask(CHAT, chat('a/m'));
    await ask(CHAT, chat('a/m', 'fault'));
    await ask(CHAT, chat('gone/m'));
    await ask(CHAT, { ...chat('a/m'), headers: {} });
    await ask('/nothing', GET);
    await expect(ask(CHAT, chat('a/m', 'die'))).rejects.toThrow();
    const leaving = open(paddock.url + CHAT, chat('a/m', 'go-on'));
    const { answer } = await leaving.opened;
    answer.on('error', () => {});

    const scrape = async () => {
      const { headers, text } = await ask('/metrics', GET);
      expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
      return parseScrape(text);
    };
    const inFlight = async () => (await scrape()).by('route', 'paddock_requests_in_flight');
    expect(await inFlight()).toMatchObject({ [CHAT]: 1, '/metrics': 1 });
    leaving.leave();
    await expect.poll(inFlight).toMatchObject({ [CHAT]: 0, '/api/models': 0, unrouted: 0 });

    const { by, types, value } = await scrape();
    expect(types).toMatchObject({ ...OF_PADDOCK, ...OF_PROCESS });
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(value('process_open_fds')).toBeGreaterThan(3);
    expect(by('runtime', 'paddock_build_info')).toEqual({ [name.toLowerCase()]: 1 });

    const to = (status: string, labels: Record<string, string> = { provider: 'a' }) =>
      value('paddock_requests_total', { route: CHAT, client: 'laptop', status, ...labels });
    expect([to('200'), to('500'), to('502', { provider: 'gone' })]).toEqual([4, 1, 1]);
    expect(to('401', { client: '' })).toBe(1);
    const missed = { route: 'unrouted', client: 'laptop', status: '404' };
    expect(value('paddock_requests_total', missed)).toBe(1);
    expect(by('code', 'paddock_errors_total')).toMatchObject({
      provider_unreachable: 1,
      unauthorized: 1,
      not_found: 1,
      internal_error: 0,
    });
    const ends = (end: string) => value('paddock_request_ends_total', { provider: 'a', end });
    // Streams of this upstream have no final event.
    expect([ends('complete'), ends('unfinished')]).toEqual([1, 2]);
    expect([ends('client_gone'), ends('upstream_gone')]).toEqual([1, 1]);

    const ofChat = { route: CHAT, provider: 'a' };
    for (const part of ['first_byte', 'duration']) {
      expect(value(`paddock_request_${part}_seconds_count`, ofChat), part).toBe(5);
    }
    // Two streams took 120 ms after their first byte.
    const firstBytes = value('paddock_request_first_byte_seconds_sum', ofChat) ?? NaN;
    const durations = value('paddock_request_duration_seconds_sum', ofChat) ?? NaN;
    expect(durations).toBeGreaterThan(0.24);
    expect(durations).toBeLessThan(10);
    expect(durations - firstBytes).toBeGreaterThan(0.23);
    const within = (le: string) =>
      value('paddock_request_duration_seconds_bucket', { ...ofChat, le }) ?? NaN;
    expect(within('0.1')).toBeLessThanOrEqual(3);
    expect(within('600')).toBe(5);
    expect(value('paddock_request_bytes_total', ofChat)).toBeGreaterThanOrEqual(5 * 13);
    expect(value('paddock_response_bytes_total', ofChat)).toBeGreaterThanOrEqual(4 * 11);

    expect(value('paddock_probes_total', { provider: 'a', result: 'online' })).toBe(1);
    expect(value('paddock_probes_total', { provider: 'gone', result: 'offline' })).toBe(1);
    expect(by('provider', 'paddock_probe_duration_seconds_count')).toEqual({ a: 1, gone: 1 });
    expect(by('provider', 'paddock_provider_up')).toEqual({ a: 1, gone: 0 });
    expect(by('provider', 'paddock_provider_models')).toEqual({ a: 2, gone: 0 });
    expect(by('provider', 'paddock_provider_models_loaded')).toEqual({ a: 1 });
    expect(value('paddock_database_up')).toBe(1);
    expect([value('paddock_favorites'), value('paddock_favorites_hidden')]).toEqual([2, 1]);
  });

  it('are served without a probe', async () => {
    let called = 0;
    const asleep = createServer(() => (called += 1));
    await new Promise<void>((resolve) => asleep.listen(0, '127.0.0.1', resolve));
    const { port } = asleep.address() as AddressInfo;
    const PROVIDERS = [1, 2, 3].map((nr) => `host${nr}=llama-swap://127.0.0.1:${port}`).join(' ');
    const paddock = await start({ PROVIDERS, CATALOG_TTL_MS: '1' });
    const startedAt = performance.now();
    for (let scrapes = 0; scrapes < 5; scrapes += 1) {
      const { status, text } = await call(`${paddock.url}/metrics`, { method: 'GET' });
      expect([status, parseScrape(text).by('provider', 'paddock_provider_up')]).toEqual([200, {}]);
    }
    expect(performance.now() - startedAt).toBeLessThan(1500);
    expect(called).toBe(0);
    await new Promise((resolve) => asleep.close(resolve));
  });
});
