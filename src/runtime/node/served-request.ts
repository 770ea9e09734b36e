import type { HttpBindings } from '@hono/node-server';

/**
 * The property of a request that holds the server's own objects for it. A separate map, weak or not, would add work to
 * each request.
 */
export const BINDINGS = Symbol('bindings');

/** A request that arrived through a Node server. */
export type ServedRequest = Request & { [BINDINGS]?: HttpBindings };
