import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RUNTIMES, startMigratedServer, type Runtime } from '../runtimes/runtimes.ts';
import { startStage, type Stage } from './stage.ts';

/** Answers in place of the database. */
type Behavior = (response: ServerResponse) => void;

const BEHAVIORS: readonly (readonly [title: string, behavior: Behavior])[] = [
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

describe.each(RUNTIMES)('on %s, a database over HTTP', (_name, make) => {
  let behavior: Behavior | null = null;
  let delayMs = 0;
  let runtime: Runtime;
  let stage: Stage;
  let database: Awaited<ReturnType<typeof startMigratedServer>>;
  const between = createServer(async (request, response) => {
    if (behavior !== null) return behavior(response);
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
    stage = await startStage((settings) => runtime.start({ ...settings, LIBSQL_URL }));
  });
  afterAll(async () => {
    await stage?.close();
    await runtime?.close();
    between.closeAllConnections();
    between.close();
    await database?.close();
  });

  it('that is slow stores favorites', async () => {
    await stage.runFault(async () => {
      delayMs = SLOW_MS;
      expect([200, 201]).toContain(await stage.add('b/slow'));
    });
    delayMs = 0;
  });

  it.each(BEHAVIORS)('that %s affects only favorites', async (_title, of) => {
    await stage.runFault(async () => {
      behavior = of;
      expect(await Promise.all([1, 2, 3].map(() => stage.add('b/refused')))).toEqual([
        503, 503, 503,
      ]);
      behavior = null;
      between.closeAllConnections();
      await expect.poll(() => stage.add('b/taken'), { timeout: 10_000 }).toBeOneOf([200, 201]);
    }, 'refused');
  });
});
