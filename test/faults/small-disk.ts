import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder on a file system of its own, where one can be had. */
export interface SmallDisk {
  readonly folder: string;
  /** Whether there is one: it takes Linux, and root. */
  readonly isOwn: boolean;
  /** Takes all the space that is left, and gives it back. */
  fill(): void;
  free(): void;
  /** Lets it be read alone, or written too. Nobody may have a file of it open for writing. */
  allow(what: 'ro' | 'rw'): void;
  close(): void;
}

const MEGABYTES = 4;

/** Makes one. */
export function makeSmallDisk(): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-disk-'));
  const filler = join(folder, 'filler');
  const mount = (...words: string[]) => spawnSync('mount', words).status === 0;
  const isOwn = mount('-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', folder);
  return {
    folder,
    isOwn,
    fill() {
      const page = Buffer.alloc(4096);
      try {
        for (let bytes = 0; bytes < (2 * MEGABYTES) << 20; bytes += page.length) {
          writeFileSync(filler, page, { flag: 'a' });
        }
      } catch {
        // It is full.
      }
    },
    free: () => rmSync(filler),
    allow(what) {
      if (!mount('-o', `remount,${what}`, folder)) throw new Error(`It is not to be had ${what}`);
    },
    close() {
      // What this process has had open there may be so still.
      if (isOwn) spawnSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
