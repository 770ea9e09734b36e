// Both modes of a command: with settings, and with a running Paddock. Everything opened here is closed after the test file.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { NODE, startServer } from '../runtimes/runtimes.ts';

/** How a command gets its data. */
export type Mode = 'with settings' | 'with a running Paddock';

/** Both modes. */
export const MODES: readonly Mode[] = ['with settings', 'with a running Paddock'];

/** The folder and environment of a command in each mode. */
export type Ways = Record<Mode, { cwd: string; env: Record<string, string> }>;

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** Closes something after the test file. */
export async function closeAtEnd<T extends { close(): unknown }>(
  opening: T | Promise<T>,
): Promise<T> {
  const opened = await opening;
  closing.push(() => opened.close());
  return opened;
}

/** Prepares both modes with the same providers and separate databases. */
export async function openWays(settings: Record<string, string>): Promise<Ways> {
  const [here, there] = [makeFolder(), makeFolder()];
  const server = await startServer(NODE, { cwd: there, settings });
  await closeAtEnd({ close: () => server.kill() });
  return {
    'with settings': { cwd: here, env: settings },
    'with a running Paddock': { cwd: there, env: { PADDOCK_URL: server.url } },
  };
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-cli-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
