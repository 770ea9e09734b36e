import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@libsql/client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createFavoritesStore } from '../../src/favorites/favorites-store.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { BUN, NODE, ROOT, startServer } from '../runtimes/runtimes.ts';
import { listFavorites } from './clients.ts';
import { setStage, type Stage } from './stage.ts';
import { makeSmallDisk, type SmallDisk } from './small-disk.ts';

describe.each([
  ['Node', NODE],
  ['Bun', BUN],
])('on %s, a database file', (_name, server) => {
  let disk: SmallDisk;
  let path: string;
  let stage: Stage;
  beforeAll(async () => {
    disk = makeSmallDisk();
    path = join(disk.folder, 'paddock.db');
    const LIBSQL_URL = `file:${path}`;
    stage = await setStage((settings) =>
      startServer(server, { cwd: disk.folder, settings: { ...settings, LIBSQL_URL } }),
    );
  });
  afterAll(async () => {
    await stage?.close();
    disk?.close();
  });

  /** Adds favorites at once; answers what became of them. */
  const add = async (count: number) => {
    const ids = Array.from({ length: count }, (_, index) => `b/${index}`);
    const statuses = await Promise.all(ids.map((id) => stage.add(id)));
    return new Set(statuses.map((status) => (status === 201 ? 200 : status)));
  };
  const TAKEN = new Set([200]);
  const REFUSED = new Set([503]);
  const remove = () => {
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
    stage.confirmed.clear();
  };
  const spoil = () => writeFileSync(path, Buffer.alloc(statSync(path).size, 'x'), { flag: 'r+' });

  const readReady = async () => {
    const answer = await fetch(`${stage.url}/ready`);
    const { error } = (await answer.json()) as { error?: { message: string } };
    return { status: answer.status, message: error?.message };
  };

  /** Leaves the file alone, as who closes it last does. */
  const closeCleanly = () => {
    const close = `new (require('libsql'))(${JSON.stringify(path)}).exec('PRAGMA wal_checkpoint(TRUNCATE)')`;
    execFileSync(process.execPath, ['-e', close], { cwd: ROOT });
    for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true });
  };

  /** A copy of what is there, and the favorites in it. */
  const backUp = async () => {
    const kept = await listFavorites(stage.url);
    const client = createClient({ url: `file:${path}` });
    rmSync(`${path}.backup`, { force: true });
    await client.execute(`VACUUM INTO '${path}.backup'`);
    client.close();
    return () => {
      renameSync(`${path}.backup`, path);
      stage.confirmed.clear();
      for (const id of kept) stage.confirmed.add(id);
    };
  };
  /** Lets another program hold it until it is told to stop. */
  const lock = async () => {
    const hold = `
      const db = new (require('libsql'))(${JSON.stringify(path)});
      db.exec('BEGIN EXCLUSIVE');
      console.log('held');
      process.stdin.once('end', () => { db.exec('COMMIT'); db.close(); }).resume();`;
    const holder = spawn(process.execPath, ['-e', hold], { cwd: ROOT });
    await once(holder.stdout, 'data');
    return () => {
      holder.stdin.end();
      return once(holder, 'exit');
    };
  };

  it('that another program holds for longer than anybody waits', async () => {
    await stage.survives(async () => {
      const release = await lock();
      expect(await add(20)).toEqual(REFUSED);
      await release();
      expect(await add(20)).toEqual(TAKEN);
    }, 'refused');
  });

  it('on a full disk', async (context) => {
    if (!disk.isOwn) return context.skip('it takes a file system of its own');
    await stage.survives(async () => {
      disk.fill();
      expect(await add(40)).toContain(503);
      expect(await readReady()).toEqual({
        status: 503,
        message: expect.stringMatching(/disk/u),
      });
      disk.free();
      expect(await add(40)).toEqual(TAKEN);
      await expect.poll(readReady, { timeout: 10_000 }).toMatchObject({ status: 200 });
    }, 'refused');
  });

  it.for([
    ['with its log', () => {}],
    ['without a log', () => closeCleanly()],
  ] as const)('that may only be read, %s', async ([, prepare], context) => {
    if (!disk.isOwn) return context.skip('it takes a file system of its own');
    await stage.paddock().kill();
    prepare();
    disk.allow('ro');
    await stage.restart();
    await stage.survives(async () => {
      expect(await listFavorites(stage.url)).toEqual(expect.arrayContaining([...stage.confirmed]));
      expect(await add(20)).toEqual(REFUSED);
      expect(await readReady()).toEqual({
        status: 503,
        message: expect.stringMatching(/read-only/u),
      });
      disk.allow('rw');
      expect(await add(20)).toEqual(TAKEN);
      await expect.poll(readReady, { timeout: 10_000 }).toMatchObject({ status: 200 });
    }, 'refused');
  });

  it.each([
    ['is deleted', () => remove()],
    ['is deleted, but for its log', () => (rmSync(path), stage.confirmed.clear())],
    ['loses its log', () => rmSync(`${path}-wal`)],
  ])('that %s', async (_title, deleting) => {
    await stage.survives(async () => {
      await add(20);
      deleting();
      expect(await add(20)).toEqual(TAKEN);
    }, 'none');
    await stage.restart();
    await stage.survives(async () => {});
  });

  it('that a backup takes the place of', async () => {
    await add(10);
    const putBack = await backUp();
    await stage.survives(async () => {
      await add(20);
      putBack();
      expect(await add(20)).toEqual(TAKEN);
    }, 'none');
    expect(await listFavorites(stage.url)).toEqual([...stage.confirmed]);
    await stage.restart();
    await stage.survives(async () => {});
  });

  it('that is damaged while it is in use, until a good one stands there', async () => {
    // All is then in the file: its log would make up for what it loses.
    (await backUp())();
    const putBack = await backUp();
    await stage.survives(async () => {
      spoil();
      expect(await add(30)).toEqual(REFUSED);
      putBack();
      expect(await add(20)).toEqual(TAKEN);
    }, 'none');
  });

  it('that is no database from the start, until a good one stands there', async () => {
    const putBack = await backUp();
    await stage.paddock().kill();
    remove();
    appendFileSync(path, 'no database at all\n'.repeat(1000));
    await stage.restart();
    await stage.survives(async () => {
      expect(await add(30)).toEqual(REFUSED);
      putBack();
      expect(await add(20)).toEqual(TAKEN);
    }, 'none');
    await stage.restart();
    await stage.survives(async () => {});
  });
});

it('finds a full disk by a write that is taken back', async (context) => {
  const disk = makeSmallDisk();
  onTestFinished(() => disk.close());
  if (!disk.isOwn) return context.skip('it takes a file system of its own');
  const database = openMigratedDatabase({
    url: `file:${join(disk.folder, 'x.db')}`,
    authToken: null,
  });
  const clock = { wall: Date.now, monotonic: () => performance.now(), sleep };
  const open = () => createFavoritesStore({ database, clock });
  await open().add('a/x');
  disk.fill();
  await expect(open().check()).rejects.toMatchObject({
    code: 'database_unavailable',
    message: expect.stringMatching(/disk/u),
  });
  disk.free();
  await open().check();
  expect(await open().list()).toHaveLength(1);
});
