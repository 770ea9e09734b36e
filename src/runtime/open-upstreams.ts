import type { LookupFunction } from 'node:net';
import type { Fetch } from '../fetch.ts';
import { ClientGone, type Transport } from '../gateway/transport.ts';
import { createUpstreamClient, type UpstreamClient } from './http-client/upstream-client.ts';
import { RelayedAnswer, type Respond } from './relayed-answer.ts';
import { toWebResponse } from './web-response.ts';

/** Headers of Paddock's own requests. Some servers refuse clients without a user agent. */
const OWN_HEADERS = { 'accept-encoding': 'gzip, deflate, br', 'user-agent': 'paddock' };

/** Creates the `fetch` and transport to upstreams for any server. By default the runtime looks up names. */
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

/** The parts of a transport that depend on the server. */
interface ServerSide {
  readonly respond: Respond;
  /** Calls back when the client disconnects. Returns false if it has already. */
  readonly watchClient: (client: Request, leave: () => void) => boolean;
}

/** Creates the transport over Paddock's own client. */
export function createTransport(
  upstreams: UpstreamClient,
  { respond, watchClient }: ServerSide,
): Transport {
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const target = { started: () => resolve(answer), failed: reject, respond };
        const answer: RelayedAnswer = new RelayedAnswer(target, request);
        const isThere = watchClient(request.client, () => answer.abandon());
        if (!isThere) return reject(new ClientGone());
        answer.comeFrom(upstreams.send(request, answer));
      }),
  };
}

/** Creates the `fetch` for Paddock's own requests, each on a fresh connection. It follows no redirect. */
export function createUpstreamFetch(upstreams: UpstreamClient): Fetch {
  return async (url, { method = 'GET', headers, body = null, signal }) => {
    signal?.throwIfAborted();
    const { origin, pathname, search } = new URL(url);
    const request = {
      base: origin,
      path: pathname + search,
      method,
      headers: { ...OWN_HEADERS, ...Object.fromEntries(new Headers(headers)) },
      body: typeof body === 'string' ? new TextEncoder().encode(body) : (body as Uint8Array | null),
      isDedicated: true,
    };
    const answer = await new Promise<RelayedAnswer>((resolve, reject) => {
      const target = { started: () => resolve(coming), failed: reject, respond: toWebResponse };
      const coming: RelayedAnswer = new RelayedAnswer(target, request);
      signal?.addEventListener('abort', () => coming.failWith(signal.reason as Error));
      coming.comeFrom(upstreams.send(request, coming));
    });
    return answer.toResponse(answer.headers);
  };
}
