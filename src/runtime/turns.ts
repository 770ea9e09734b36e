import type { TakeTurn } from '../database/libsql-database.ts';

/** A failure after this time means that the database does not answer, in milliseconds. */
const UNANSWERED_MS = 3000;

/** Runs work in turns. If work gets no answer, the work that waited behind it fails with the same error. */
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
