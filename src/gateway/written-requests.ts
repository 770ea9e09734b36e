import type { Provider } from '../registry/provider.ts';
import type { ResolvedModel } from '../resolve/resolve-model.ts';
import type { Exchange } from '../telemetry/exchange.ts';
import type { HeaderRecord } from './headers.ts';
import type { Inbound } from './inbound.ts';
import { NO_BODY, readJsonBytes, type SentBody } from './read-body.ts';
import type { BodyLimits } from './read-bytes.ts';
import { toInferenceTarget, type Target } from './target.ts';

/** A client's request, and the record of it. */
interface Received {
  readonly client: Request;
  readonly exchange: Exchange;
}

/** A request whose body Paddock writes. */
interface WrittenRequest extends Received {
  readonly provider: Provider;
  readonly resolved: ResolvedModel;
  readonly path: string;
  readonly body: Uint8Array;
}

/** Sends requests that Paddock writes itself, such as translations from another API. */
export interface WrittenRequests {
  /**
   * Reads the JSON body of a request.
   * @throws {PaddockError} if it is too large or cannot be read
   * @throws {ClientGone}
   */
  readBody(request: Received): Promise<Uint8Array>;
  /** Sends a request that Paddock has written to the provider of its model. */
  relayWritten(request: WrittenRequest): Promise<Response>;
}

/** The headers that describe the body and the answer. */
const HEADERS = {
  accept: 'application/json, text/event-stream, application/x-ndjson',
  'content-type': 'application/json',
};

/** Creates the part of the gateway for requests that Paddock writes. */
export function createWrittenRequests(options: {
  inbound: Inbound;
  bodyLimits: BodyLimits;
  send: (
    sending: Received & {
      headers: HeaderRecord;
      target: Target;
      resolved: ResolvedModel;
      sent: SentBody;
    },
  ) => Promise<Response>;
}): WrittenRequests {
  const { inbound, send } = options;
  const { memory, ...limits } = options.bodyLimits;
  return {
    async readBody({ client, exchange }) {
      const headers = inbound.readHeaders(client);
      const hold = (bytes: number) => memory.hold(exchange, bytes);
      return readJsonBytes(client, { headers, ...limits, hold, inbound });
    },

    async relayWritten({ client, exchange, provider, resolved, path, body }) {
      memory.hold(exchange, body.byteLength);
      const headers = { ...inbound.readHeaders(client), ...HEADERS };
      const target = toInferenceTarget(provider, { path, query: '' });
      return send({ client, exchange, headers, target, resolved, sent: { ...NO_BODY, body } });
    },
  };
}
