import type { LookupFunction } from 'node:net';
import type { Transport } from '../gateway/transport.ts';
import type { Fetch } from '../fetch.ts';
import { createUpstreamClient } from './http-client/upstream-client.ts';
import { createUpstreamFetch } from './upstream-fetch.ts';
import { createWebTransport } from './web-transport.ts';

/**
 * Creates the `fetch` and the transport to upstreams, for any server that accepts web responses.
 * @param lookup resolves the names of upstreams; the runtime's own lookup by default
 */
export function openUpstreams(lookup?: LookupFunction): { fetch: Fetch; transport: Transport } {
  const upstreams = createUpstreamClient({ lookup });
  return { fetch: createUpstreamFetch(upstreams), transport: createWebTransport(upstreams) };
}
