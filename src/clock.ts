/** Time, as the app is given it. */
export interface Clock {
  /** Milliseconds since 1970, for showing. It may step. */
  wall(): number;
  /** Milliseconds since some fixed moment, for measuring. It never steps back. */
  monotonic(): number;
  /** Comes back after so many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
}
