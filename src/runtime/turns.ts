import type { TakeTurn } from '../database/libsql-database.ts';

/** A failure after this long is that of a database that does not answer, in milliseconds. */
const UNANSWERED_MS = 3000;

/**
 * Makes turns: one does its work after the other, in the order in which they asked. Whoever waited behind work that got
 * no answer fails with it, and does not wait as long once more.
 */
export function createTurns(): TakeTurn {
  let last: Promise<unknown> = Promise.resolve();
  let unanswered: { readonly at: number; readonly cause: unknown } | null = null;

  async function doWork<T>(work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await work();
    } catch (cause) {
      const at = performance.now();
      if (at - began >= UNANSWERED_MS) unanswered = { at, cause };
      throw cause;
    }
  }

  return (work) => {
    const askedAt = performance.now();
    const mine = last.then(() => {
      if (unanswered !== null && askedAt < unanswered.at) throw unanswered.cause;
      return doWork(work);
    });
    last = mine.catch(() => {});
    return mine;
  };
}
