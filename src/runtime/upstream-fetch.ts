import type { Fetch } from '../fetch.ts';
import type { UpstreamClient } from './http-client/upstream-client.ts';
import { RelayedAnswer } from './relayed-answer.ts';
import { toWebResponse } from './web-response.ts';

/** What Paddock says of itself where it asks for itself. Some servers refuse clients that say nothing. */
const OWN_HEADERS = { 'accept-encoding': 'gzip, deflate, br', 'user-agent': 'paddock' };

/**
 * What Paddock itself asks upstreams with, such as their lists. Each request has a connection of its own: no upstream is
 * taken for offline because it closed one that was idle. It follows no redirect.
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
