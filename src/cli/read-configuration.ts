import { readFile, stat } from 'node:fs/promises';
import { CommandError, EXIT } from './exit-codes.ts';

/** Returns the text of a configuration, empty if there is no file. Throws `CommandError` if it cannot be read. */
export async function readConfiguration(path: string): Promise<string> {
  const refuse = (reason: string): never => {
    throw new CommandError(`${path} cannot be read (${reason}).`, EXIT.failed);
  };
  try {
    // Reading a device or a pipe could block, and the merge would replace it.
    if (!(await stat(path)).isFile()) return refuse('it is not a file');
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    return refuse(code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : code);
  }
}
