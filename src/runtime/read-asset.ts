import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadAsset } from '../http/routes/send-asset.ts';

/** Creates the reader of the built files in a folder. It does not check paths: the caller does. */
export function createAssetReader(root: string): ReadAsset {
  return async (path) => {
    try {
      return await readFile(join(root, path));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null;
      throw error;
    }
  };
}
