import type { HeaderRecord } from '../gateway/headers.ts';
import { ClientGone, type Transport } from '../gateway/transport.ts';
import type { UpstreamClient } from './http-client/upstream-client.ts';
import { RelayedAnswer } from './relayed-answer.ts';

/** The parts of a transport that depend on the server. */
interface ServerSide {
  /** Creates the response to the client. */
  readonly respond: (answer: RelayedAnswer, headers: HeaderRecord) => Response;
  /** Calls back when the client disconnects. Returns false if it has already. */
  readonly watchClient: (client: Request, leave: () => void) => boolean;
}

/** Creates the transport over Paddock's own client. */
export function createTransport(upstreams: UpstreamClient, { respond, watchClient }: ServerSide) {
  const send: Transport['send'] = (request) =>
    new Promise((resolve, reject) => {
      const answer: RelayedAnswer = new RelayedAnswer(
        { started: () => resolve(answer), failed: reject, respond },
        request,
      );
      if (!watchClient(request.client, () => answer.abandon())) return reject(new ClientGone());
      answer.comeFrom(upstreams.send(request, answer));
    });
  const upgrade: Transport['send'] = (request) =>
    send({ ...request, headers: { ...request.headers, upgrade: 'websocket' } });
  return { send, upgrade };
}
