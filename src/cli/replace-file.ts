import { mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandError, EXIT } from './exit-codes.ts';

/**
 * Puts a text in the place of a file's, whole or not at all; a link to it, and who may read it, stay as they are. Makes
 * the file, and its folder, where there is none.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const mode = await stat(target).then(
    (found) => found.mode,
    () => 0o644,
  );
  const draft = join(dirname(target), `.${basename(target)}.${process.pid}`);
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(draft, text, { mode });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError(
      `${path} cannot be written (${code}): it was left untouched.`,
      EXIT.failed,
    );
  }
}
