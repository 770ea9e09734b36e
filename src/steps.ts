/** Work that may take long. At each `yield`, other requests may be served. */
export type Steps<T> = Generator<void, T, void>;

/** Does all steps, and lets other requests be served between them. */
export type RunSteps = <T>(steps: Steps<T>) => Promise<T>;

/** Does all steps without pausing and returns the result. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
