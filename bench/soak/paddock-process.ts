import { createReadStream, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startChild, type Child } from '../child.ts';
import { NONCE_PREFIX } from './exchange.ts';
import { KEY_PREFIX, toProviders } from './herd.ts';

/** A Paddock that is soaked. */
export interface PaddockProcess {
  readonly url: string;
  readonly pid: number;
  readonly ended: Child['ended'];
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  /** The lines that it has printed and must not print, a few of them at most. */
  readBadLines(): Promise<string[]>;
}

/** What it runs on. */
export type Platform = 'node' | 'bun';

/** What must never stand in Paddock's output: a failure that nobody has caught, a prompt or an answer, a key. */
const BAD = new RegExp(`unhandled|uncaught|${NONCE_PREFIX}|${KEY_PREFIX}`, 'iu');

/** How many bad lines are told at most. */
const MOST_BAD = 10;

/** Whether a line is one that Paddock must not print. */
export function isBadLine(line: string): boolean {
  return BAD.test(line);
}

/**
 * Starts Paddock as its users do, in a folder, which holds its database.
 * @throws where it does not listen
 */
export async function startPaddock(options: {
  platform: Platform;
  /** The package's root. */
  root: string;
  folder: string;
  ports: readonly number[];
}): Promise<PaddockProcess> {
  const { platform, root, folder, ports } = options;
  const said: string[] = [];
  // A pipe that nobody has time to read would stop it.
  const logFile = join(mkdtempSync(join(folder, 'log-')), 'log');
  const child = await startChild({
    ...(platform === 'bun' && { command: join(root, 'node_modules/.bin/bun') }),
    args: [join(root, 'dist/runtime', `${platform}.js`)],
    // Away from anybody's .env file.
    cwd: folder,
    env: {
      PORT: '0',
      PROVIDERS: toProviders(ports),
      LIBSQL_URL: `file:${join(folder, 'soak.db')}`,
      // A host that is never disturbed must never seem away, however busy the machine is.
      PROBE_TIMEOUT_MS: '20000',
    },
    logFile,
    tell: (line) => said.push(line),
  });
  const url = /^Paddock listens on (http:\S+)$/u.exec(child.firstLine)?.[1];
  if (url === undefined) throw new Error(`Expected an address but received "${child.firstLine}"`);
  const { pid, ended, end } = child;
  return { url, pid, ended, kill: end, readBadLines: () => readBadLines(said, logFile) };
}

async function readBadLines(said: readonly string[], logFile: string): Promise<string[]> {
  const bad = said.filter(isBadLine);
  for await (const line of createInterface({ input: createReadStream(logFile) })) {
    if (bad.length < MOST_BAD && isBadLine(line)) bad.push(line);
  }
  return bad;
}
