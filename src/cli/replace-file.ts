import type { Stats } from 'node:fs';
import { chmod, chown, mkdir, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CommandError, EXIT } from './exit-codes.ts';

/** Replaces a file atomically and keeps its links, mode and owner. Creates it and its folder if they are missing. */
export async function replaceFile(path: string, text: string): Promise<void> {
  try {
    const target = await followLinks(path);
    await makeFolder(dirname(target));
    const before = await stat(target).catch(() => null);
    if (before !== null && !before.isFile()) throw new NotAFile();
    // Do not replace a file without write permission, even if its folder permits it.
    if (before !== null) await (await open(target, 'r+')).close();
    await replace(target, { text, before });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = error instanceof NotAFile ? 'it is not a file' : code;
    const message = `${path} cannot be written (${reason}): it was left untouched.`;
    throw new CommandError(message, EXIT.failed);
  }
}

class NotAFile extends Error {}

/** Creates a folder and those above it. The `recursive` of `mkdir` never ends where the system permits none, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || (await stat(parent).catch(() => null)) !== null) throw error;
    await makeFolder(parent);
    await mkdir(path);
  }
}

/** Returns the target of a link, even if it does not exist: `realpath` fails for missing files. */
async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    // A cycle of links causes another error code, so the recursion ends.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const next = await readlink(path).catch(() => null);
    return next === null ? path : followLinks(resolve(await realpath(dirname(path)), next));
  }
}

async function replace(
  target: string,
  { text, before }: { text: string; before: Stats | null },
): Promise<void> {
  const draft = join(dirname(target), `.${basename(target)}.${process.pid}`);
  try {
    const file = await open(draft, 'wx', before === null ? 0o666 : 0o600);
    try {
      await file.writeFile(text);
      // Flush to disk before the new file replaces the old one.
      await file.sync();
    } finally {
      await file.close();
    }
    if (before !== null) await keep(draft, before);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}

/** Gives a file the mode and the owner of another. Only root may change the owner. */
async function keep(path: string, { mode, uid, gid }: Stats): Promise<void> {
  const mine = await stat(path);
  if (mine.uid !== uid || mine.gid !== gid) await chown(path, uid, gid).catch(() => {});
  await chmod(path, mode & 0o7777);
}
