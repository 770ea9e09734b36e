import type { Clock } from '../src/clock.ts';
import { systemClock } from '../src/runtime/system-clock.ts';

/** A pause up to this length, in milliseconds, lets other work happen: it takes real time. */
const SHORT_MS = 10;

/** A clock whose time passes only when a test says so. */
export interface StillClock extends Clock {
  /** Lets so many milliseconds pass, and calls back what is due. */
  advance(milliseconds: number): void;
}

/** Lets time pass until some work is done, a little with each turn of the event loop. A busy machine then costs no time. */
export async function passDuring<T>(clock: StillClock, work: Promise<T>): Promise<T> {
  let isDone = false;
  const end = () => (isDone = true);
  work.then(end, end);
  while (!isDone) {
    clock.advance(5);
    await systemClock.sleep(1);
  }
  return work;
}

/** Creates a clock that stands still. Its wall time is real. */
export function createStillClock(): StillClock {
  let now = 0;
  const timers = new Set<{ at: number; callback: () => void }>();
  const after: Clock['after'] = (milliseconds, callback) => {
    const timer = { at: now + milliseconds, callback };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  return {
    wall: systemClock.wall,
    monotonic: () => now,
    after,
    sleep: (milliseconds) =>
      milliseconds <= SHORT_MS
        ? systemClock.sleep(milliseconds)
        : new Promise((resolve) => after(milliseconds, resolve)),
    advance(milliseconds) {
      now += milliseconds;
      for (const timer of [...timers].toSorted((a, b) => a.at - b.at)) {
        if (timer.at <= now && timers.delete(timer)) timer.callback();
      }
    },
  };
}
