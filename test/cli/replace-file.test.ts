import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { replaceFile } from '../../src/cli/replace-file.ts';
import { makeFolder } from '../make-app.ts';

const modeOf = (path: string) => statSync(path).mode & 0o7777;
const isLink = (path: string) => lstatSync(path).isSymbolicLink();

it.each([0o600, 0o640, 0o666, 0o755])('keeps the mode %o of a file', async (mode) => {
  const folder = makeFolder();
  const path = join(folder, 'x.json');
  writeFileSync(path, 'old');
  chmodSync(path, mode);
  await replaceFile(path, 'new');
  expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['new', mode]);
  expect(readdirSync(folder)).toEqual(['x.json']);
});

it('replaces the inode, so that a reader of the old file can finish', async () => {
  const path = join(makeFolder(), 'x.json');
  writeFileSync(path, 'old');
  const before = statSync(path).ino;
  await replaceFile(path, 'new');
  expect(statSync(path).ino).not.toBe(before);
});

it('creates a missing file and its folders with the default mode', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'other'), '');
  const path = join(folder, 'a/b/x.json');
  await replaceFile(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(modeOf(path)).toBe(modeOf(join(folder, 'other')));
});

it('keeps a chain of links, and writes their target', async () => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real/x.json'), 'old');
  symlinkSync('real/x.json', join(folder, 'one'));
  symlinkSync(join(folder, 'one'), join(folder, 'two'));
  await replaceFile(join(folder, 'two'), 'new');
  expect(readFileSync(join(folder, 'real/x.json'), 'utf8')).toBe('new');
  expect([isLink(join(folder, 'one')), isLink(join(folder, 'two'))]).toEqual([true, true]);
});

it('keeps a link to a missing file, and creates its target', async () => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'a/inner'), { recursive: true });
  symlinkSync('a/inner', join(folder, 'b'));
  symlinkSync('../x.json', join(folder, 'a/inner/link'));
  await replaceFile(join(folder, 'b/link'), 'new');
  expect(isLink(join(folder, 'a/inner/link'))).toBe(true);
  expect(readFileSync(join(folder, 'a/x.json'), 'utf8')).toBe('new');
});

async function listenAt(path: string): Promise<void> {
  const server = createServer().listen(path);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
}

const REFUSED: [what: string, prepare: (path: string) => unknown, reason: RegExp][] = [
  ['a folder', (path) => mkdirSync(path), /x\.json cannot be written \(it is not a file\)/],
  ['a socket', listenAt, /x\.json cannot be written \(it is not a file\)/],
  ['a link to itself', (path) => symlinkSync(path, path), /cannot be written \(ELOOP\)/],
];
it.each(REFUSED)('refuses %s, and does not change it', async (_what, prepare, reason) => {
  const folder = makeFolder();
  const path = join(folder, 'x.json');
  await prepare(path);
  const before = lstatSync(path);
  await expect(replaceFile(path, 'new')).rejects.toMatchObject({ message: reason, exitCode: 1 });
  expect([lstatSync(path).ino, lstatSync(path).mode]).toEqual([before.ino, before.mode]);
  expect(readdirSync(folder)).toEqual(['x.json']);
});

it('does not change a file where a folder is expected', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'x'), 'old');
  await expect(replaceFile(join(folder, 'x/y.json'), 'new')).rejects.toThrow(
    /it was left untouched/,
  );
  expect(readFileSync(join(folder, 'x'), 'utf8')).toBe('old');
});

it('does not change the file when no draft can be written', async () => {
  const folder = makeFolder();
  const path = join(folder, 'x.json');
  writeFileSync(path, 'old');
  // A folder with the name of the draft.
  mkdirSync(join(folder, `.x.json.${process.pid}`));
  await expect(replaceFile(path, 'new')).rejects.toThrow(/cannot be written \(EEXIST\)/);
  expect(readFileSync(path, 'utf8')).toBe('old');
});

it('refuses to replace a file without write permission, although the folder allows it', async () => {
  const folder = makeFolder();
  const path = join(folder, 'x.json');
  writeFileSync(path, 'old');
  chmodSync(path, 0o444);
  chmodSync(folder, 0o777);
  const { getuid, seteuid } = process;
  // Root may write everything.
  if (getuid?.() === 0) {
    seteuid?.call(process, 65_534);
    onTestFinished(() => seteuid?.call(process, 0));
  }
  await expect(replaceFile(path, 'new')).rejects.toThrow(/cannot be written \(EACCES\)/);
  expect(readFileSync(path, 'utf8')).toBe('old');
});

it.runIf(process.platform === 'linux')(
  'reports a folder that the system does not permit',
  async () => {
    const replacing = replaceFile('/proc/none/of/it/x.json', 'new');
    await expect(replacing).rejects.toThrow(/cannot be written \(ENOENT\): it was left untouched/);
  },
);
