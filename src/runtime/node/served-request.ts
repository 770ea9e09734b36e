import type { HttpBindings } from '@hono/node-server';

/** Where a request keeps the server's own objects for it: a map beside it, weak or not, would be work for each. */
export const BINDINGS = Symbol('bindings');

/** A request that came in through a Node server. */
export type ServedRequest = Request & { [BINDINGS]?: HttpBindings };
