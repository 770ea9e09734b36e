import type { LookupFunction } from 'node:net';
import type { Transport } from '../gateway/transport.ts';
import type { Fetch } from '../fetch.ts';
import { createUpstreamClient } from './http-client/upstream-client.ts';
import { createUpstreamFetch } from './upstream-fetch.ts';
import { createWebTransport } from './web-transport.ts';

/**
 * Makes what reaches upstreams, for any server that takes the responses of the web.
 * @param lookup what looks up the names of upstreams; the runtime's own by default
 */
export function openUpstreams(lookup?: LookupFunction): { fetch: Fetch; transport: Transport } {
  const upstreams = createUpstreamClient({ lookup });
  return { fetch: createUpstreamFetch(upstreams), transport: createWebTransport(upstreams) };
}
