import type { Context, MiddlewareHandler } from 'hono';

/**
 * A check of a request.
 * @throws {PaddockError} if the request fails the check
 */
export type Check = (c: Context) => void;

/** Combines checks into one middleware: each middleware adds a cost to every request. */
export function runChecks(checks: readonly Check[]): MiddlewareHandler {
  return (c, next) => {
    for (const check of checks) check(c);
    return next();
  };
}
