// gateway/ passes requests on to the host that their model means, and the host's answers back. Here is what happens;
// what is decided stands beside it, in files without effects. It never parses or holds an answer.

import { messageOf, PaddockError, toExhaustedError } from '../errors.ts';
import type { Provider } from '../registry/provider.ts';
import { requireProvider } from '../registry/require-provider.ts';
import type { Exchange } from '../telemetry/exchange.ts';
import type { Redact } from '../telemetry/redact.ts';
import { createStreamTail } from '../telemetry/stream-tail.ts';
import type { Settings } from '../settings/settings.ts';
import { ClientGone } from './client-gone.ts';
import { toClientHeaders, toHeaderValue, toUpstreamHeaders, type HeaderRecord } from './headers.ts';
import type { Inbound } from './inbound.ts';
import { parseModelQuery } from './model-query.ts';
import { limitBody, NO_BODY, readModelBody, type SentBody } from './read-body.ts';
import { splitUrl, toInferenceTarget, toManagementTarget, type Target } from './target.ts';
import type { BodyLimits } from './read-bytes.ts';
import type { Transport, UpstreamAnswer } from './transport.ts';
import { toFailure } from '../upstream/outcome.ts';
import { toOutcomeError } from '../upstream/outcome-error.ts';
import { readUpstreamPath, toClientLocation } from './upstream-path.ts';
import { isWebSocketUpgrade, readHandshake } from './web-socket.ts';
import { toTimeoutError, UpstreamTimeout, type UpstreamTimeouts } from './upstream-timeout.ts';

/** Answers requests with what the right host answers, and writes down in their exchanges which that is. */
export interface Gateway {
  /** A request whose body names the model, as JSON or as a form. */
  relayBody(client: Request, exchange: Exchange): Promise<Response>;
  /** A request whose query names the model. */
  relayQuery(client: Request, exchange: Exchange): Promise<Response>;
  /** A request for `/upstream/{provider}/...`, to be passed on as it is. */
  relayUpstream(client: Request, exchange: Exchange): Promise<Response>;
}

const CHAT = '/v1/chat/completions';
const PROPS = '/props';

interface Sending {
  readonly client: Request;
  readonly exchange: Exchange;
  readonly headers: HeaderRecord;
  readonly target: Target;
  /** The model's own name, where Paddock knows which it is. */
  readonly model: string | null;
  readonly sent: SentBody;
  /** The encodings of the answer that the client takes as they are; without it the answer is decoded. */
  readonly acceptEncoding?: string | null;
  /** What a request for a WebSocket says of it. */
  readonly handshake?: HeaderRecord;
  /** How it travels, if not by `Transport.send`. */
  readonly travel?: Transport['send'];
}

interface Means {
  readonly transport: Transport;
  readonly timeouts: UpstreamTimeouts;
  readonly guards: HeaderRecord;
}

/** What a gateway needs. */
interface GatewayOptions {
  readonly settings: Settings;
  readonly inbound: Inbound;
  readonly transport: Transport;
  readonly bodyLimits: BodyLimits;
  /** What answers tell browsers to do with a provider's pages, in place of what the provider says. */
  readonly guards: HeaderRecord;
  /** Told of each exchange just before it is sent on. */
  readonly announce?: (exchange: Exchange) => void;
  /** Keeps secrets out of what is written down of a request. */
  readonly redact: Redact;
}

/** Makes the gateway of a herd. */
export function createGateway(options: GatewayOptions): Gateway {
  const { settings, inbound, transport, guards, announce, redact } = options;
  const { memory, ...bodyLimits } = options.bodyLimits;
  const { registry } = settings;
  const timeouts = { firstByteMs: settings.firstByteTimeoutMs, idleMs: settings.idleTimeoutMs };

  function pick(model: string | null): { provider: Provider; model: string } {
    // An empty model counts as none, in a body and in a query: clients send one where nothing is chosen.
    const id = model || (settings.roles.default?.id ?? null);
    if (id === null) {
      throw new PaddockError('model_required', messageOf('model_required'), { param: 'model' });
    }
    const { provider, resolved } = requireProvider(id, registry);
    return { provider, model: resolved.model };
  }

  function send(sending: Sending): Promise<Response> {
    const { exchange, target, model } = sending;
    exchange.provider = target.provider.name;
    exchange.model = model === null ? null : redact(model);
    announce?.(exchange);
    return relay(sending, { transport, timeouts, guards });
  }

  return {
    async relayBody(client, exchange) {
      const headers = inbound.readHeaders(client);
      const url = splitUrl(client.url);
      const hold = (bytes: number) => memory.hold(exchange, bytes);
      const body = await readModelBody(client, { headers, ...bodyLimits, hold, inbound });
      const { provider, model } = pick(body.model);
      const maxTokens = url.path === CHAT && provider.kind.maxTokens;
      const target = toInferenceTarget(provider, url);
      const sent = body.withModel(model, { maxTokens });
      return send({ client, exchange, headers, target, model, sent });
    },

    async relayQuery(client, exchange) {
      const headers = inbound.readHeaders(client);
      const { path, query } = splitUrl(client.url);
      const named = parseModelQuery(query);
      const { provider, model } = pick(named.model);
      const toTarget = path === PROPS ? toManagementTarget : toInferenceTarget;
      const target = toTarget(provider, { path, query: named.withModel(model) });
      return send({ client, exchange, headers, target, model, sent: NO_BODY });
    },

    async relayUpstream(client, exchange) {
      const headers = inbound.readHeaders(client);
      const url = splitUrl(client.url);
      const { provider, path } = readUpstreamPath(url.path, registry.providers);
      const target = toManagementTarget(provider, { path, query: url.query });
      const asked = isWebSocketUpgrade(client.method, headers['upgrade'])
        ? askWebSocket(headers, transport)
        : { sent: limitBody(client, { headers, ...bodyLimits }) };
      const acceptEncoding = readAcceptEncoding(headers);
      return send({ client, exchange, headers, target, model: null, acceptEncoding, ...asked });
    },
  };
}

/** Which encodings a client takes; null for none. */
function readAcceptEncoding({ 'accept-encoding': accepted = '' }: HeaderRecord): string | null {
  return accepted === '' || accepted === 'identity' ? null : accepted;
}

/** How a request for a WebSocket is sent on. */
function askWebSocket(
  headers: HeaderRecord,
  { upgrade: travel }: Transport,
): Pick<Sending, 'handshake' | 'sent' | 'travel'> {
  if (travel === undefined) {
    throw new PaddockError('unsupported_by_runtime', messageOf('unsupported_by_runtime'));
  }
  return { handshake: readHandshake(headers), sent: NO_BODY, travel };
}

/** Sends a request on, and answers what comes back. */
async function relay(sending: Sending, { transport, timeouts, guards }: Means): Promise<Response> {
  const { client, exchange, target, model, sent, acceptEncoding = null, travel } = sending;
  const { provider, base, path, credentials } = target;
  const own = { ...sending.handshake, ...toTraceHeaders(exchange), ...credentials };
  const given = exchange.beginsTrace ? withoutTraceState(sending.headers) : sending.headers;
  const headers = toUpstreamHeaders(given, { own, length: sent.length, acceptEncoding });
  let answer: UpstreamAnswer;
  try {
    const { method } = client;
    const { body } = sent;
    const keepEncoding = acceptEncoding !== null;
    const request = { base, path, method, headers, body, client, timeouts, keepEncoding };
    answer = await (travel === undefined ? transport.send(request) : travel(request));
  } catch (error) {
    throw sent.fault() ?? toSendError(error, { provider, timeouts, transport });
  }
  const said: Record<string, string> = {
    ...exchange.headers,
    ...guards,
    'x-paddock-provider': provider.name,
  };
  if (model !== null) said['x-paddock-model'] = toHeaderValue(model);
  const { location } = answer.headers;
  const redirect =
    location === undefined ? null : toClientLocation(location, { provider, asked: base + path });
  if (redirect !== null) said['location'] = redirect;
  exchange.tail = createStreamTail(path, answer.headers['content-type']);
  return answer.toResponse(toClientHeaders(answer.headers, said), exchange);
}

/** What a request without an answer comes to. */
function toSendError(
  error: unknown,
  { provider, timeouts, transport }: Pick<Means, 'timeouts' | 'transport'> & { provider: Provider },
): unknown {
  if (error instanceof ClientGone || error instanceof PaddockError) return error;
  if (error instanceof UpstreamTimeout) return toTimeoutError(provider, timeouts.firstByteMs ?? 0);
  return transport.isExhausted?.() === true
    ? toExhaustedError(error)
    : toOutcomeError(toFailure(error), { provider, purpose: 'request' });
}

/** What lets a host's own logs and traces be found by a request's. */
function toTraceHeaders({ id, traceparent }: Exchange): HeaderRecord {
  return traceparent === null ? { 'x-request-id': id } : { 'x-request-id': id, traceparent };
}

function withoutTraceState({ tracestate: _tracestate, ...headers }: HeaderRecord): HeaderRecord {
  return headers;
}
