import type { Context } from 'hono';
import type { Background } from '../catalog/probe-rounds.ts';

/** The platform's own means of keeping work alive after the answer; every runtime passes an execution context. */
export function toBackground(c: Context): Background {
  return (work) => c.executionCtx.waitUntil(work);
}
