/** The clock and the timers that the app uses. */
export interface Clock {
  /** Returns the milliseconds since 1970, for display. The value may jump. */
  wall(): number;
  /** Returns the milliseconds since a fixed moment, for measurements. The value never decreases. */
  monotonic(): number;
  /** Resolves after this many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
  /** Calls back once after this many milliseconds. The returned function cancels the call. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** Runs work with a signal that aborts with a `TimeoutError` after this many milliseconds. */
export async function within<T>(
  { clock, milliseconds }: { clock: Pick<Clock, 'after'>; milliseconds: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timedOut = () => controller.abort(new DOMException('Timed out', 'TimeoutError'));
  const cancel = clock.after(milliseconds, timedOut);
  try {
    return await work(controller.signal);
  } finally {
    cancel();
  }
}
