import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startModels, type Host } from '../hosts.ts';
import { put } from '../make-app.ts';
import { listen } from './listen-events.ts';
import { RUNTIMES, startMigratedServer, type Instance } from './runtimes.ts';

/** A change through one Paddock is visible in another within this time. */
const WITHIN = { timeout: 2000, interval: 20 };

const MAKERS = new Map(RUNTIMES);
const CASES = [
  { names: ['Node', 'Bun'], delayMs: 0, count: 40 },
  { names: ['workerd', 'Node'], delayMs: 0, count: 24 },
  { names: ['Node', 'Bun'], delayMs: 400, count: 16 },
].filter(({ names }) => names.every((name) => MAKERS.has(name)));

/** A proxy that delays requests, like a remote server. */
async function startDelayed(url: string, delayMs: number) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    await sleep(delayMs);
    const { method = 'GET', url: path = '/' } = request;
    const body = method === 'GET' ? null : Buffer.concat(chunks);
    try {
      const answer = await fetch(url + path, { method, body });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(await answer.text());
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

const read = async ({ url }: Instance, path: string): Promise<any> =>
  (await fetch(url + path)).json();
const list = async (paddock: Instance): Promise<string[]> =>
  (await read(paddock, '/api/favorites')).favorites.map(({ id }: { id: string }) => id);
const show = async (paddock: Instance): Promise<string[]> =>
  (await read(paddock, '/api/models')).favorites.map(({ id }: { id: string }) => id);
const change = async ({ url }: Instance, id: string, method = 'PUT') =>
  (await fetch(`${url}/api/favorites/${id}`, { method })).status;

describe.each(CASES)('$names on one database that answers after $delayMs ms', (options) => {
  const { names, delayMs, count } = options;
  const closing: (() => unknown)[] = [];
  let host: Host;
  let one: Instance;
  let two: Instance;
  beforeAll(async () => {
    host = await startModels(['x', 'y', 'z']);
    const server = await startMigratedServer(':memory:');
    const delayed = await startDelayed(server.url, delayMs);
    closing.push(host.close, server.close, delayed.close);
    const settings = {
      PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}`,
      LIBSQL_URL: delayed.url,
    };
    const start = async (name = '') => {
      const runtime = await MAKERS.get(name)?.();
      const paddock = await runtime?.start(settings);
      if (paddock === undefined) throw new Error(`There is no runtime "${name}"`);
      closing.push(() => runtime?.close(), paddock.stop);
      return paddock;
    };
    [one, two] = await Promise.all([start(names[0]), start(names[1])]);
  });
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });

  it('show each other’s favorites within two seconds in the catalog and as events', async () => {
    // Both have answered a first request.
    await expect.poll(() => show(one), { timeout: 5000 }).toEqual([]);
    await expect.poll(() => show(two), { timeout: 5000 }).toEqual([]);
    const listener = await listen(two);
    await expect.poll(() => listener.last('favorites'), { timeout: 3000 }).toBeDefined();
    const seen = listener.last('favorites');
    expect(await change(one, 'a/x')).toBe(201);
    await expect.poll(() => listener.last('favorites'), WITHIN).not.toBe(seen);
    await expect.poll(() => show(two), WITHIN).toEqual(['a/x']);
    expect(await change(two, 'a/y')).toBe(201);
    await expect.poll(() => show(one), WITHIN).toEqual(['a/x', 'a/y']);
    const ordered = await fetch(`${one.url}/api/favorites`, put({ ids: ['a/y', 'a/x'] }));
    expect(ordered.status).toBe(200);
    await expect.poll(() => show(two), WITHIN).toEqual(['a/y', 'a/x']);
    expect(await change(two, 'a/y', 'DELETE')).toBe(204);
    await expect.poll(() => show(one), WITHIN).toEqual(['a/x']);
  });

  it('lose no favorite of those added through both at once', async () => {
    const ids = Array.from({ length: count }, (_, index) => `a/added-${index}`);
    const statuses = await Promise.all(
      ids.map((id, index) => change(index % 2 === 0 ? one : two, id)),
    );
    expect(new Set(statuses)).toEqual(new Set([201]));
    const listed = await list(one);
    expect(listed).toEqual(expect.arrayContaining(ids));
    expect(new Set(listed).size).toBe(listed.length);
    expect(await list(two)).toEqual(listed);
    const { favorites } = await read(two, '/api/favorites');
    const positions = favorites.map(({ position }: { position: number }) => position);
    expect(positions).toEqual(listed.map((_, index) => index));
  });
});
