import { isExhaustion } from '../errors.ts';
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Log } from '../telemetry/log.ts';
import type { Fetch } from '../fetch.ts';

/** How often Paddock checks for free file descriptors, in milliseconds. */
const CHECK_MS = 1000;

/** The minimum time between two log messages about exhaustion, in milliseconds. */
const WARNING_MS = 60_000;

const NONE_LEFT_MESSAGE =
  'No file descriptors are left, and idle connections are closed: raise the limit (LimitNOFILE in systemd, ulimit -n)';

/** How long after exhaustion a failure may still be caused by it, in milliseconds. */
const RECENT_MS = 1000;

/** With this many free descriptors, a failure has another cause: failed connections have released theirs. */
const FEW = 32;

/** When the descriptors were last exhausted. A process has one set of them. */
let exhaustedAt = Number.NEGATIVE_INFINITY;

/** Whether missing file descriptors cause a failure to connect, which Bun reports as a refused connection. */
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

/** Wraps Bun's `fetch` so that a failure says that no file descriptors are left, if that is the cause. */
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

/** Closes idle connections when no descriptors are left. Otherwise Node resets new ones, and Bun lets them wait. */
export function watchDescriptors({ closeIdle, log }: { closeIdle: () => void; log: Log }): void {
  let warnedAt = Number.NEGATIVE_INFINITY;
  const check = () => {
    if (canOpen(1)) return;
    closeIdle();
    const now = performance.now();
    exhaustedAt = now;
    if (now - warnedAt < WARNING_MS) return;
    warnedAt = now;
    log.warn(NONE_LEFT_MESSAGE);
  };
  setInterval(check, CHECK_MS).unref();
}
