import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@libsql/client';
import { expect, it } from 'vitest';
import { createFavoritesStore } from '../../src/favorites/favorites-store.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { findDeadPort } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import {
  BUN,
  NODE,
  ROOT,
  startForTest,
  startServer,
  type Instance,
  type Server,
} from '../runtimes/runtimes.ts';

async function start(options: { url: string; server?: Server }): Promise<Instance> {
  const { url, server = NODE } = options;
  const PROVIDERS = `a=llama-swap://127.0.0.1:${await findDeadPort()}`;
  const settings = { PROVIDERS, LIBSQL_URL: url };
  return startForTest(startServer(server, { cwd: makeFolder(), settings }));
}

/** Adds favorites one after another until the server is killed. Answers the confirmed IDs. */
async function addInLoop(options: {
  paddock: Instance;
  prefix: string;
  count: number;
  onConfirmed?: () => void;
}): Promise<{ confirmed: string[]; refused: number[] }> {
  const confirmed: string[] = [];
  const refused: number[] = [];
  for (let index = 0; index < options.count; index += 1) {
    const id = `a/${options.prefix}-${index}`;
    try {
      const answer = await fetch(`${options.paddock.url}/api/favorites/${id}`, { method: 'PUT' });
      if (answer.ok) confirmed.push(id);
      else refused.push(answer.status);
      if (answer.ok) options.onConfirmed?.();
      await answer.arrayBuffer();
    } catch {
      break;
    }
  }
  return { confirmed, refused };
}

async function readIds(url: string): Promise<string[]> {
  const store = createFavoritesStore({
    database: openMigratedDatabase({ url, authToken: null }),
    clock: { wall: Date.now, monotonic: () => performance.now(), sleep },
  });
  return (await store.list()).map(({ id }) => id);
}

it.each([
  ['Node', NODE],
  ['Bun', BUN],
])(
  'keeps every favorite that %s answered with 2xx, after kill -9 at any moment',
  async (_name, server) => {
    const url = `file:${join(makeFolder(), 'killed.db')}`;
    const all: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const paddock = await start({ url, server });
      let confirm = () => {};
      const first = new Promise<void>((settle) => (confirm = settle));
      const prefix = `round-${round}`;
      const writing = addInLoop({ paddock, prefix, count: 70, onConfirmed: () => confirm() });
      // The first write of a process takes longest: the first round may kill it before that.
      if (round > 0) await first;
      await sleep(20 + round * 35);
      await paddock.kill();
      const { confirmed, refused } = await writing;
      expect(refused).toEqual([]);
      all.push(...confirmed);
      expect(await readIds(url)).toEqual(expect.arrayContaining(all));
    }
    expect(all.length).toBeGreaterThan(10);
    const client = createClient({ url });
    const { rows } = await client.execute('PRAGMA integrity_check');
    expect(rows[0]?.[0]).toBe('ok');
    client.close();
  },
);

it('lets two processes write one file at once, without a loss or an error', async () => {
  const url = `file:${join(makeFolder(), 'shared.db')}`;
  // They start together, so they race for the migrations too.
  const both = await Promise.all([start({ url }), start({ url, server: BUN })]);
  const written = await Promise.all(
    both.flatMap((paddock, process) =>
      [0, 1].map((writer) =>
        addInLoop({ paddock, prefix: `process-${process}-writer-${writer}`, count: 60 }),
      ),
    ),
  );
  expect(written.flatMap(({ refused }) => refused)).toEqual([]);
  const confirmed = written.flatMap((one) => one.confirmed);
  expect(confirmed).toHaveLength(240);
  const stored = await readIds(url);
  expect(stored.toSorted()).toEqual(confirmed.toSorted());
  // The order of each writer is kept.
  for (const one of written) {
    expect(stored.filter((id) => one.confirmed.includes(id))).toEqual(one.confirmed);
  }
});

// A busy machine may exceed the limits once.
it(
  'waits with a write while another program locks the database, and answers other requests',
  { retry: 2 },
  async () => {
    const url = `file:${join(makeFolder(), 'held.db')}`;
    const paddock = await start({ url });
    await addInLoop({ paddock, prefix: 'before', count: 1 });
    const hold = `
    const db = new (require('libsql'))(${JSON.stringify(url.slice('file:'.length))});
    db.exec('BEGIN EXCLUSIVE');
    console.log('held');
    setTimeout(() => { db.exec('COMMIT'); db.close(); }, 1500);`;
    const holder = spawn(process.execPath, ['-e', hold], { cwd: ROOT });
    await new Promise((held) => holder.stdout.once('data', held));

    const startedAt = performance.now();
    const writing = fetch(`${paddock.url}/api/favorites/a/waited`, { method: 'PUT' });
    const delays: number[] = [];
    for (let index = 0; index < 10; index += 1) {
      const askedAt = performance.now();
      await (await fetch(`${paddock.url}/health`)).arrayBuffer();
      delays.push(performance.now() - askedAt);
      await sleep(50);
    }
    expect((await writing).status).toBe(201);
    const waited = performance.now() - startedAt;
    expect(waited).toBeGreaterThan(1000);
    expect(waited).toBeLessThan(4000);
    expect(Math.max(...delays)).toBeLessThan(250);
    expect(await readIds(url)).toContain('a/waited');
  },
);
