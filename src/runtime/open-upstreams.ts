import type { LookupFunction } from 'node:net';
import { createTransport } from './create-transport.ts';
import { createUpstreamClient } from './http-client/upstream-client.ts';
import { createUpstreamFetch } from './upstream-fetch.ts';
import { toWebResponse } from './web-response.ts';

/**
 * Creates the `fetch` and the transport to upstreams, for any server that accepts web responses.
 * @param lookup resolves the names of upstreams; the runtime's own lookup by default
 */
export function openUpstreams(lookup?: LookupFunction) {
  const upstreams = createUpstreamClient({ lookup });
  const transport = createTransport(upstreams, {
    respond: toWebResponse,
    watchClient: ({ signal }, leave) => {
      signal.addEventListener('abort', leave);
      return !signal.aborted;
    },
  });
  return { fetch: createUpstreamFetch(upstreams), transport };
}
