import { createPaddock, type Paddock, type PaddockOptions } from '../../src/client/client.ts';
import type { TestApp } from '../make-app.ts';

/** Creates a client whose requests go to an app in the same process. */
export function connectTo(app: TestApp, options: Partial<PaddockOptions> = {}): Paddock {
  return createPaddock({
    url: 'http://paddock',
    fetch: (input, init) => {
      const { pathname, search } = new URL(String(input));
      return app.ask(pathname + search, init);
    },
    ...options,
  });
}

/** The error that a promise rejects with. Fails when it resolves. */
export function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) =>
      Promise.reject(new Error(`Expected a rejection but received ${JSON.stringify(value)}`)),
    (error: unknown) => error,
  );
}
