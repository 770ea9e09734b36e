import { ClientGone } from '../gateway/client-gone.ts';
import type { Transport } from '../gateway/transport.ts';
import type { UpstreamClient } from './http-client/upstream-client.ts';
import { RelayedAnswer } from './relayed-answer.ts';
import { toWebResponse } from './web-response.ts';

/** Creates the transport over Paddock's own client, with responses that any server accepts. */
export function createWebTransport(upstreams: UpstreamClient): Transport {
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const { signal } = request.client;
        if (signal.aborted) return reject(new ClientGone());
        const answer: RelayedAnswer = new RelayedAnswer(
          { started: () => resolve(answer), failed: reject, respond: toWebResponse },
          request,
        );
        signal.addEventListener('abort', () => answer.abandon());
        answer.comeFrom(upstreams.send(request, answer));
      }),
  };
}
