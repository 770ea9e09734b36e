import type { Context } from 'hono';
import type { Background } from '../catalog/probe-rounds.ts';

/** Returns the platform's way to keep work alive after the answer. Every runtime passes an execution context. */
export function toBackground(c: Context): Background {
  return (work) => c.executionCtx.waitUntil(work);
}
