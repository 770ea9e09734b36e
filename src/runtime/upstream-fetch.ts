import type { Fetch } from '../fetch.ts';
import type { UpstreamClient } from './http-client/upstream-client.ts';
import { RelayedAnswer } from './relayed-answer.ts';
import { toWebResponse } from './web-response.ts';

/** Headers of Paddock's own requests. Some servers refuse clients without a user agent. */
const OWN_HEADERS = { 'accept-encoding': 'gzip, deflate, br', 'user-agent': 'paddock' };

/**
 * Creates the `fetch` for Paddock's own requests to upstreams, such as lists of models. Each request has a dedicated
 * connection: an upstream that closes an idle connection must not appear offline. It follows no redirect.
 */
export function createUpstreamFetch(upstreams: UpstreamClient): Fetch {
  return async (url, { method = 'GET', headers, body = null, signal }) => {
    signal?.throwIfAborted();
    const { origin, pathname, search } = new URL(url);
    const sent = {
      base: origin,
      path: pathname + search,
      method,
      headers: { ...OWN_HEADERS, ...Object.fromEntries(new Headers(headers)) },
      body: typeof body === 'string' ? new TextEncoder().encode(body) : (body as Uint8Array | null),
      isAlone: true,
    };
    const answer = await new Promise<RelayedAnswer>((resolve, reject) => {
      const coming: RelayedAnswer = new RelayedAnswer({
        started: () => resolve(coming),
        failed: reject,
        respond: toWebResponse,
      });
      signal?.addEventListener('abort', () => coming.breakOff(signal.reason as Error));
      coming.comeFrom(upstreams.send(sent, coming));
    });
    return answer.toResponse(answer.headers);
  };
}
