import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@libsql/client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createFavoritesStore } from '../../src/favorites/favorites-store.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { ROOT, SERVERS, startServer } from '../runtimes/runtimes.ts';
import { listFavorites } from './clients.ts';
import { startStage, type Stage } from './stage.ts';
import { makeSmallDisk, type SmallDisk } from './small-disk.ts';

describe.each(SERVERS)('on %s, a database file', (_name, server) => {
  let disk: SmallDisk;
  let path: string;
  let stage: Stage;
  beforeAll(async () => {
    disk = makeSmallDisk();
    path = join(disk.folder, 'paddock.db');
    const LIBSQL_URL = `file:${path}`;
    stage = await startStage((settings) =>
      startServer(server, { cwd: disk.folder, settings: { ...settings, LIBSQL_URL } }),
    );
  });
  afterAll(async () => {
    await stage?.close();
    disk?.close();
  });

  /** Adds favorites concurrently. Returns the different statuses, with 200 for 201. */
  const add = async (count: number) => {
    const ids = Array.from({ length: count }, (_, index) => `b/${index}`);
    const statuses = await Promise.all(ids.map((id) => stage.add(id)));
    return new Set(statuses.map((status) => (status === 201 ? 200 : status)));
  };
  const STORED = new Set([200]);
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

  /** Writes the log into the file and removes it, as a clean shutdown does. */
  const closeCleanly = () => {
    const close = `new (require('libsql'))(${JSON.stringify(path)}).exec('PRAGMA wal_checkpoint(TRUNCATE)')`;
    execFileSync(process.execPath, ['-e', close], { cwd: ROOT });
    for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true });
  };

  /** Copies the database. Returns a function that restores it. */
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
  /** Locks the database from another process. Returns a function that releases it. */
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

  it('locked by another program for longer than the busy timeout', async () => {
    await stage.runFault(async () => {
      const release = await lock();
      expect(await add(20)).toEqual(REFUSED);
      await release();
      expect(await add(20)).toEqual(STORED);
    }, 'refused');
  });

  it('on a full disk', async (context) => {
    if (!disk.isOwn) return context.skip('it takes a file system of its own');
    await stage.runFault(async () => {
      disk.fill();
      expect(await add(40)).toContain(503);
      expect(await readReady()).toEqual({
        status: 503,
        message: expect.stringMatching(/disk/u),
      });
      disk.free();
      expect(await add(40)).toEqual(STORED);
      await expect.poll(readReady, { timeout: 10_000 }).toMatchObject({ status: 200 });
    }, 'refused');
  });

  it.for([
    ['with its log', () => {}],
    ['without a log', () => closeCleanly()],
  ] as const)('that is read-only, %s', async ([, prepare], context) => {
    if (!disk.isOwn) return context.skip('it takes a file system of its own');
    await stage.paddock().kill();
    prepare();
    disk.allow('ro');
    await stage.restart();
    await stage.runFault(async () => {
      expect(await listFavorites(stage.url)).toEqual(expect.arrayContaining([...stage.confirmed]));
      expect(await add(20)).toEqual(REFUSED);
      expect(await readReady()).toEqual({
        status: 503,
        message: expect.stringMatching(/read-only/u),
      });
      disk.allow('rw');
      expect(await add(20)).toEqual(STORED);
      await expect.poll(readReady, { timeout: 10_000 }).toMatchObject({ status: 200 });
    }, 'refused');
  });

  it.each([
    ['is deleted', () => remove()],
    ['is deleted except for its log', () => (rmSync(path), stage.confirmed.clear())],
    ['loses its log', () => rmSync(`${path}-wal`)],
  ])('that %s', async (_title, deleting) => {
    await stage.runFault(async () => {
      await add(20);
      deleting();
      expect(await add(20)).toEqual(STORED);
    }, 'none');
    await stage.restart();
    await stage.runFault(async () => {});
  });

  it('replaced by a backup', async () => {
    await add(10);
    const putBack = await backUp();
    await stage.runFault(async () => {
      await add(20);
      putBack();
      expect(await add(20)).toEqual(STORED);
    }, 'none');
    expect(await listFavorites(stage.url)).toEqual([...stage.confirmed]);
    await stage.restart();
    await stage.runFault(async () => {});
  });

  it('that is damaged while it is in use works again after a restore', async () => {
    // Afterwards the log is empty, so that it cannot repair the file.
    (await backUp())();
    const putBack = await backUp();
    await stage.runFault(async () => {
      spoil();
      expect(await add(30)).toEqual(REFUSED);
      putBack();
      expect(await add(20)).toEqual(STORED);
    }, 'none');
  });

  it('that is not a database at the start works after a restore', async () => {
    const putBack = await backUp();
    await stage.paddock().kill();
    remove();
    appendFileSync(path, 'no database at all\n'.repeat(1000));
    await stage.restart();
    await stage.runFault(async () => {
      expect(await add(30)).toEqual(REFUSED);
      putBack();
      expect(await add(20)).toEqual(STORED);
    }, 'none');
    await stage.restart();
    await stage.runFault(async () => {});
  });
});

it('the store’s check finds a full disk by a write that it rolls back', async (context) => {
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
