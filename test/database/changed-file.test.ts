import { readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createClient } from '@libsql/client';
import { expect, it } from 'vitest';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { makeFolder } from '../make-app.ts';

function open() {
  const path = join(makeFolder(), 'data', 'x.db');
  let replaced = 0;
  const database = openMigratedDatabase(
    { url: `file:${path}`, authToken: null },
    { onReplaced: () => (replaced += 1) },
  );
  const add = (id: string) =>
    database.write([{ sql: "INSERT INTO favorites VALUES (?, 0, '')", args: [id] }]);
  const list = async () =>
    (await database.read({ sql: 'SELECT id FROM favorites ORDER BY id' })).map(({ id }) => id);
  return { path, add, list, replaced: () => replaced };
}

/** The IDs that another program reads from the file. */
async function listAsOtherProgram(path: string): Promise<unknown[]> {
  const client = createClient({ url: `file:${path}` });
  const { rows } = await client.execute('SELECT id FROM favorites ORDER BY id');
  client.close();
  return rows.map(({ id }) => id);
}

async function backUp(path: string): Promise<string> {
  const client = createClient({ url: `file:${path}` });
  await client.execute(`VACUUM INTO '${path}.backup'`);
  client.close();
  return `${path}.backup`;
}

function countDescriptors(path: string): number {
  const of = (name: string) => statSync(`/proc/self/fd/${name}`, { throwIfNoEntry: false })?.ino;
  const inode = statSync(path).ino;
  return readdirSync('/proc/self/fd').filter((name) => of(name) === inode).length;
}

it.each([
  ['the file', (path: string) => rmSync(path)],
  ['the file and its log', (path: string) => ['', '-wal', '-shm'].map((of) => rmSync(path + of))],
  ['its folder', (path: string) => rmSync(dirname(path), { recursive: true })],
])('writes into a new file after %s was deleted', async (_name, remove) => {
  const { path, add, list, replaced } = open();
  await add('before');
  expect(replaced()).toBe(0);
  remove(path);
  await add('after');
  expect(replaced()).toBe(1);
  expect(await list()).toEqual(['after']);
  expect(await listAsOtherProgram(path)).toEqual(['after']);
});

it('loses nothing when only the log was deleted', async () => {
  const { path, add, list } = open();
  await add('before');
  rmSync(`${path}-wal`);
  await add('later');
  expect(await list()).toEqual(['before', 'later']);
  expect(await listAsOtherProgram(path)).toEqual(['before', 'later']);
});

it('reads a backup that replaces its file, and none of the later rows', async () => {
  const { path, add, list } = open();
  await add('1-kept');
  const backup = await backUp(path);
  await add('2-lost');
  renameSync(backup, path);
  expect(await list()).toEqual(['1-kept']);
  await add('3-after');
  expect(await listAsOtherProgram(path)).toEqual(['1-kept', '3-after']);
});

it('refuses to write into an overwritten file until a good one replaces it', async () => {
  const { path, add, list } = open();
  await add('1-before');
  // The backup has no log, which could restore the rows that the file loses.
  renameSync(await backUp(path), path);
  expect(await list()).toEqual(['1-before']);
  const backup = await backUp(path);
  writeFileSync(path, Buffer.alloc(statSync(path).size, 'x'), { flag: 'r+' });
  for (let attempt = 0; attempt < 20; attempt += 1)
    await expect(add('2-lost')).rejects.toThrow(/./);
  expect(countDescriptors(path)).toBeLessThan(6);
  renameSync(backup, path);
  await add('3-after');
  expect(await list()).toEqual(['1-before', '3-after']);
});

it('reports a file whose second half is damaged', async () => {
  const { path, add } = open();
  for (let index = 0; index < 200; index += 1) await add(`${'long'.repeat(50)}-${index}`);
  const backup = await backUp(path);
  const bytes = readFileSync(backup);
  bytes.fill(0x5a, Math.ceil(bytes.length / 2 / 4096) * 4096);
  writeFileSync(backup, bytes);
  renameSync(backup, path);
  await expect(add('lost')).rejects.toThrow(/damaged|malformed/);
});
