import type { Context, MiddlewareHandler } from 'hono';

/**
 * What a request has to pass.
 * @throws {PaddockError} where it does not
 */
export type Check = (c: Context) => void;

/** Makes one middleware of several checks, for each middleware costs every request. */
export function admit(checks: readonly Check[]): MiddlewareHandler {
  return (c, next) => {
    for (const check of checks) check(c);
    return next();
  };
}
