import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Child } from '../../bench/shared/child.ts';
import { startPaddock } from '../../bench/shared/start-paddock.ts';
import { NONCE_PREFIX } from './exchange.ts';
import { KEY_PREFIX, toProviders } from './hosts.ts';

/** The Paddock that is tested. */
export interface PaddockProcess {
  readonly url: string;
  readonly pid: number;
  readonly ended: Child['ended'];
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  /** The first lines that it printed and must not print. */
  readBadLines(): Promise<string[]>;
}

/** The runtime that Paddock runs on. */
export type Platform = 'node' | 'bun';

/** Paddock must never print an uncaught failure, a prompt, an answer or a key. */
const BAD = new RegExp(`unhandled|uncaught|${NONCE_PREFIX}|${KEY_PREFIX}`, 'iu');

/** How many bad lines are reported. */
const MAX_BAD = 10;

/** Whether Paddock must not print a line. */
export function isBadLine(line: string): boolean {
  return BAD.test(line);
}

/**
 * Starts Paddock as its users do, in a folder that holds its database.
 * @throws if it does not listen
 */
export async function startSoakedPaddock(options: {
  platform: Platform;
  folder: string;
  ports: readonly number[];
}): Promise<PaddockProcess> {
  const { platform, folder, ports } = options;
  const printed: string[] = [];
  const settings = {
    PROVIDERS: toProviders(ports),
    LIBSQL_URL: `file:${folder}/soak.db`,
    // A steady host must never seem offline, however busy the machine is.
    PROBE_TIMEOUT_MS: '20000',
  };
  const onLine = (line: string) => void printed.push(line);
  const paddock = await startPaddock({ runtime: platform, folder, settings, onLine });
  const { url, pid, ended, end, logFile } = paddock;
  return { url, pid, ended, kill: end, readBadLines: () => readBadLines(printed, logFile) };
}

async function readBadLines(printed: readonly string[], logFile: string): Promise<string[]> {
  const bad = printed.filter(isBadLine);
  for await (const line of createInterface({ input: createReadStream(logFile) })) {
    if (bad.length < MAX_BAD && isBadLine(line)) bad.push(line);
  }
  return bad;
}
