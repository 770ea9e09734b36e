/** Work that may take long. Each `yield` is a place where other requests may be served first. */
export type Steps<T> = Generator<void, T, void>;

/** Does the work at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
