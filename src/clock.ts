/** Time, as the app is given it. */
export interface Clock {
  /** Milliseconds since 1970, for showing. It may step. */
  wall(): number;
  /** Milliseconds since some fixed moment, for measuring. It never steps back. */
  monotonic(): number;
  /** Comes back after so many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
  /** Calls back once after so many milliseconds, unless the function that it returns is called first. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** Runs work with a signal that is aborted with a `TimeoutError` after so many milliseconds. */
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
