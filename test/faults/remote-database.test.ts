import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BARE_RUNTIMES, startMigratedServer, type Runtime } from '../runtimes/runtimes.ts';
import { setStage, type Stage } from './stage.ts';

/** What stands between Paddock and its database; null lets everything through. */
type Mood = (response: ServerResponse) => void;

const MOODS: readonly (readonly [title: string, mood: Mood])[] = [
  ['answers HTTP 500', (response) => void response.writeHead(500).end('no')],
  ['answers HTTP 401', (response) => void response.writeHead(401).end('{"error":"no"}')],
  ['answers something other than JSON', (response) => void response.end('<html>')],
  ['answers JSON of another kind', (response) => void response.end('{"results":[{}]}')],
  ['resets each connection', (response) => void response.socket?.resetAndDestroy()],
  [
    'breaks off its answer',
    (response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"baton":null');
      setTimeout(() => response.destroy(), 30);
    },
  ],
  ['never answers', () => {}],
];

const SLOW_MS = 400;

describe.each(BARE_RUNTIMES)('on %s, a database over HTTP', (_name, make) => {
  let mood: Mood | null = null;
  let delayMs = 0;
  let runtime: Runtime;
  let stage: Stage;
  let database: Awaited<ReturnType<typeof startMigratedServer>>;
  const between = createServer(async (request, response) => {
    if (mood !== null) return mood(response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    await sleep(delayMs);
    const { method = 'GET', url = '/' } = request;
    const body = method === 'GET' ? null : Buffer.concat(chunks);
    const answer = await fetch(database.url + url, { method, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  });
  beforeAll(async () => {
    database = await startMigratedServer(':memory:');
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    const LIBSQL_URL = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
    runtime = await make();
    stage = await setStage((settings) => runtime.start({ ...settings, LIBSQL_URL }));
  });
  afterAll(async () => {
    await stage?.close();
    await runtime?.close();
    between.closeAllConnections();
    between.close();
    await database?.close();
  });

  it('that is slow keeps everything all the same', async () => {
    await stage.survives(async () => {
      delayMs = SLOW_MS;
      expect([200, 201]).toContain(await stage.add('b/slow'));
    });
    delayMs = 0;
  });

  it.each(MOODS)('that %s takes nothing but favorites with it', async (_title, of) => {
    await stage.survives(async () => {
      mood = of;
      expect(await Promise.all([1, 2, 3].map(() => stage.add('b/refused')))).toEqual([
        503, 503, 503,
      ]);
      mood = null;
      between.closeAllConnections();
      await expect.poll(() => stage.add('b/taken'), { timeout: 10_000 }).toBeOneOf([200, 201]);
    }, 'refused');
  });
});
