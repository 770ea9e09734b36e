import { createPaddock, type Paddock, type PaddockOptions } from '../../src/client/client.ts';
import type { TestApp } from '../make-app.ts';

/** A client of an app in the same process: what it fetches is asked of the app. */
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

/** What a promise rejects with; fails where it does not. */
export function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => Promise.reject(new Error(`It did not fail: ${JSON.stringify(value)}`)),
    (error: unknown) => error,
  );
}
