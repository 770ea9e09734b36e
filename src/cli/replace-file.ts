import type { Stats } from 'node:fs';
import { chmod, chown, mkdir, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CommandError, EXIT } from './exit-codes.ts';

/**
 * Puts a text in the place of a file's, whole or not at all; a link to it, its mode and its owner stay as they are.
 * Makes the file, and its folder, where there is none.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  try {
    const target = await followLinks(path);
    await mkdir(dirname(target), { recursive: true });
    const before = await stat(target).catch(() => null);
    if (before !== null && !before.isFile()) throw new NotAFile();
    // A file that may not be written must not be replaced either, though its folder allows that.
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

/** What a link leads to, be it there or not: realpath answers only for what is there. */
async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    // A circle of links is another error, so that this comes to an end.
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
      // On the disk before it takes the place of what is there.
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

/** Gives a file the mode and the owner of another. Only root may give one away. */
async function keep(path: string, { mode, uid, gid }: Stats): Promise<void> {
  const mine = await stat(path);
  if (mine.uid !== uid || mine.gid !== gid) await chown(path, uid, gid).catch(() => {});
  await chmod(path, mode & 0o7777);
}
