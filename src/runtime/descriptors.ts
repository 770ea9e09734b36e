import { isExhaustion } from '../errors.ts';
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Log } from '../http/log.ts';
import type { Fetch } from '../upstream/ask.ts';

/** How often it is looked whether there are file descriptors left, in milliseconds. */
const LOOK_MS = 1000;

/** How often the log says that there are none, in milliseconds. */
const SAY_MS = 60_000;

const NONE_LEFT_MESSAGE =
  'No file descriptors are left, and idle connections are closed: raise the limit (LimitNOFILE in systemd, ulimit -n)';

/** How long after there were none a failure may still be told of that has come of it, in milliseconds. */
const RECENT_MS = 1000;

/** When there were none left. A process has one set of them. */
let exhaustedAt = Number.NEGATIVE_INFINITY;

/** Whether the process has, or just had, no file descriptors left, so that it could open no connection and no file. */
export function isExhausted(): boolean {
  return hasNone() || performance.now() - exhaustedAt < RECENT_MS;
}

function hasNone(): boolean {
  try {
    closeSync(openSync(devNull, 'r'));
    return false;
  } catch (error) {
    if (!isExhaustion(error)) return false;
    exhaustedAt = performance.now();
    return true;
  }
}

/** The same `fetch`; where it fails because no file descriptors are left, its failure says so: Bun takes that for a refusal. */
export function explainExhaustion(fetch: Fetch): Fetch {
  return async (url, init) => {
    try {
      return await fetch(url, init);
    } catch (cause) {
      if (init.signal?.aborted === true || isExhaustion(cause) || !isExhausted()) throw cause;
      throw Object.assign(new Error('No file descriptors are left', { cause }), { code: 'EMFILE' });
    }
  };
}

/**
 * Closes idle connections whenever no file descriptors are left, so that others can be accepted: where accepting fails,
 * Node resets new connections, and Bun has them wait.
 */
export function watchDescriptors({ closeIdle, log }: { closeIdle: () => void; log: Log }): void {
  let saidAt = Number.NEGATIVE_INFINITY;
  const look = () => {
    if (!hasNone()) return;
    closeIdle();
    const now = performance.now();
    if (now - saidAt < SAY_MS) return;
    saidAt = now;
    log.warn(NONE_LEFT_MESSAGE);
  };
  setInterval(look, LOOK_MS).unref();
}
