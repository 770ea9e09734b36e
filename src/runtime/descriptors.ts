import { isExhaustion } from '../errors.ts';
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Log } from '../telemetry/log.ts';
import type { Fetch } from '../fetch.ts';

/** How often it is looked whether there are file descriptors left, in milliseconds. */
const LOOK_MS = 1000;

/** How often the log says that there are none, in milliseconds. */
const SAY_MS = 60_000;

const NONE_LEFT_MESSAGE =
  'No file descriptors are left, and idle connections are closed: raise the limit (LimitNOFILE in systemd, ulimit -n)';

/** How long after there were none a failure may still have come of it, in milliseconds. */
const RECENT_MS = 1000;

/**
 * How many must be left for a failure to have another cause. Connections that fail together have given theirs back by the
 * time that anybody looks.
 */
const FEW = 32;

/** When there were none left. A process has one set of them. */
let exhaustedAt = Number.NEGATIVE_INFINITY;

/** Whether a failure to connect on Bun, which takes one without file descriptors for a refusal, came of having too few. */
export function isExhausted(): boolean {
  return !canOpen(FEW) || performance.now() - exhaustedAt < RECENT_MS;
}

function canOpen(count: number): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(openSync(devNull, 'r'));
    return true;
  } catch (error) {
    return !isExhaustion(error);
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/** The same `fetch`; where it fails on Bun because no file descriptors are left, its failure says so. Node's does anyway. */
export function explainExhaustion(fetch: Fetch): Fetch {
  if (process.versions.bun === undefined) return fetch;
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
    if (canOpen(1)) return;
    closeIdle();
    const now = performance.now();
    exhaustedAt = now;
    if (now - saidAt < SAY_MS) return;
    saidAt = now;
    log.warn(NONE_LEFT_MESSAGE);
  };
  setInterval(look, LOOK_MS).unref();
}
