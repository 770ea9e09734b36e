import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Environment } from '../settings/environment.ts';
import {
  MAX_SECRET_BYTES,
  readSecretFiles as read,
  type FileReading,
} from '../settings/secret-files.ts';

/** The reasons why a file cannot be opened, by the system's error code. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user has no permission to read the file',
  EPERM: 'this user has no permission to read the file',
  EISDIR: 'expected a file, and not a folder',
  ENXIO: 'expected a file, and not a pipe, a socket or a device',
};

/** Replaces the variables that name files with the files' contents, and returns the faults of those files. */
export function readSecretFiles(environment: Environment): ReturnType<typeof read> {
  return read(environment, readSecretFile);
}

function readSecretFile(path: string): FileReading {
  let descriptor: number | null = null;
  try {
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) return { fault: toReason('EISDIR') };
    if (!stat.isFile()) return { fault: toReason('ENXIO') };
    // The system reports size 0 for some files that are not empty.
    const isLarge = stat.size > MAX_SECRET_BYTES;
    const bytes = isLarge ? null : readFileSync(descriptor);
    if (bytes !== null && bytes.length <= MAX_SECRET_BYTES) return bytes;
    return { fault: `the file is larger than ${MAX_SECRET_BYTES} bytes` };
  } catch (error) {
    return { fault: toReason((error as NodeJS.ErrnoException).code) };
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

function toReason(code: string | undefined): string {
  return REASONS[code ?? ''] ?? `the file cannot be read (${code ?? 'unknown'})`;
}
