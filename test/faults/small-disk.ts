import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder on a small file system, if the system permits one. */
export interface SmallDisk {
  readonly folder: string;
  /** Whether it is a separate file system, which needs Linux and root. */
  readonly isOwn: boolean;
  /** Uses all free space; `free` releases it. */
  fill(): void;
  free(): void;
  /** Mounts it read-only or writable. No file of it may be open for writing. */
  allow(what: 'ro' | 'rw'): void;
  close(): void;
}

const MEGABYTES = 4;

/** Creates a small disk. */
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
        // The disk is full.
      }
    },
    free: () => rmSync(filler),
    allow(what) {
      if (!mount('-o', `remount,${what}`, folder)) throw new Error(`It is not to be had ${what}`);
    },
    close() {
      // This process may still have files of it open.
      if (isOwn) spawnSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
