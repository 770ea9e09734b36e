// Both ways to ask: the settings themselves, and a Paddock that runs with them. What is opened here outlives a test, and is
// closed with the file.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { NODE, startServer } from '../runtimes/runtimes.ts';

/** How the command comes to a Paddock. */
export type Mode = 'on settings alone' | 'of a running Paddock';

/** Both ways. */
export const MODES: readonly Mode[] = ['on settings alone', 'of a running Paddock'];

/** What a command is started with, for each way. */
export type Ways = Record<Mode, { cwd: string; env: Record<string, string> }>;

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** Opens what is closed with the file. */
export async function keep<T extends { close(): unknown }>(opening: T | Promise<T>): Promise<T> {
  const opened = await opening;
  closing.push(() => opened.close());
  return opened;
}

/** Makes both ways to one fleet, with a database each. */
export async function openWays(settings: Record<string, string>): Promise<Ways> {
  const [here, there] = [makeFolder(), makeFolder()];
  const server = await startServer(NODE, { cwd: there, settings });
  await keep({ close: () => server.kill() });
  return {
    'on settings alone': { cwd: here, env: settings },
    'of a running Paddock': { cwd: there, env: { PADDOCK_URL: server.url } },
  };
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-cli-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
