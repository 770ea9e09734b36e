import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadAsset } from '../http/routes/send-asset.ts';

/** Makes what reads the built files from a folder. Paths are taken as they are: whoever asks has judged them. */
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
