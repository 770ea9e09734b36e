// gateway/ forwards each request to the provider of its model, and forwards the answer to the client. This file has the
// effects; the decisions are in other files of this folder, without effects. The gateway never parses or buffers an answer.

import { messageOf, PaddockError, toExhaustedError } from '../errors.ts';
import type { Provider } from '../registry/provider.ts';
import type { ResolvedModel } from '../resolve/resolve-model.ts';
import { requireProvider } from '../registry/require-provider.ts';
import type { Exchange } from '../telemetry/exchange.ts';
import type { Redact } from '../telemetry/redact.ts';
import { createStreamTail } from '../telemetry/stream-tail.ts';
import type { Settings } from '../settings/settings.ts';
import { toClientHeaders, toHeaderValue, toUpstreamHeaders, type HeaderRecord } from './headers.ts';
import type { Inbound } from './inbound.ts';
import { parseModelQuery } from './model-query.ts';
import { limitBody, NO_BODY, readModelBody, type SentBody } from './read-body.ts';
import {
  splitUrl,
  toInferenceTarget,
  toManagementTarget,
  type PathAndQuery,
  type Target,
} from './target.ts';
import type { BodyLimits } from './read-bytes.ts';
import {
  ClientGone,
  UpstreamTimeout,
  type Transport,
  type UpstreamAnswer,
  type UpstreamTimeouts,
} from './transport.ts';
import { toFailure } from '../upstream/invalid-answer.ts';
import { toOutcomeError } from '../upstream/outcome-error.ts';
import { readUpstreamPath, toClientLocation } from './upstream-path.ts';
import { isWebSocketUpgrade, readHandshake } from './web-socket.ts';
import { createWrittenRequests, type WrittenRequests } from './written-requests.ts';

/** A request to forward. */
interface Relayed {
  readonly client: Request;
  readonly exchange: Exchange;
  /** The path to use in place of the client's own; null to use that one. */
  readonly path: string | null;
}

/** Forwards requests to the right provider and returns its answers. Records the provider and model in each exchange. */
export interface Gateway extends WrittenRequests {
  /** Forwards a request whose body names the model, as JSON or as a form. */
  relayBody(request: Relayed): Promise<Response>;
  /** Forwards a request whose query names the model. */
  relayQuery(request: Relayed): Promise<Response>;
  /** Forwards a request for `/upstream/{provider}/...` unchanged. */
  relayUpstream(request: Omit<Relayed, 'path'>): Promise<Response>;
}

/** Adds a note to the exchange of a request whose ID has a wrong prefix. Called once its answer has begun or failed. */
export type NoteBareId = (
  exchange: Exchange,
  asked: { readonly resolved: ResolvedModel; readonly hasFailed: boolean },
) => void;

const CHAT = '/v1/chat/completions';
const PROPS = '/props';

interface Sending {
  readonly client: Request;
  readonly exchange: Exchange;
  readonly headers: HeaderRecord;
  readonly target: Target;
  /** The model that the client's ID means; null where Paddock does not know the model. */
  readonly resolved: ResolvedModel | null;
  readonly sent: SentBody;
  /** The encodings that the client accepts; the answer then stays encoded. Without it the answer is decoded. */
  readonly acceptEncoding?: string | null;
  readonly handshake?: HeaderRecord;
}

interface RelayOptions {
  readonly transport: Transport;
  readonly timeouts: UpstreamTimeouts;
  readonly guards: HeaderRecord;
  readonly noteBareId: NoteBareId;
}

interface GatewayOptions {
  readonly settings: Settings;
  readonly inbound: Inbound;
  readonly transport: Transport;
  readonly bodyLimits: BodyLimits;
  /** Headers that tell browsers how to treat a provider's pages. They replace the provider's own. */
  readonly guards: HeaderRecord;
  /** Called with each exchange just before its request is sent to the upstream. */
  readonly onSending?: (exchange: Exchange) => void;
  readonly noteBareId: NoteBareId;
  readonly redact: Redact;
}

/** Creates the gateway for all providers of the registry. */
export function createGateway(options: GatewayOptions): Gateway {
  const { settings, inbound, transport, guards, onSending, noteBareId, redact } = options;
  const { memory, ...bodyLimits } = options.bodyLimits;
  const { registry } = settings;
  const timeouts = { firstByteMs: settings.firstByteTimeoutMs, idleMs: settings.idleTimeoutMs };

  function pick(model: string | null): { provider: Provider; resolved: ResolvedModel } {
    // An empty model counts as missing, in a body and in a query: clients send it when no model is selected.
    const id = model || (settings.roles.default?.id ?? null);
    if (id === null) {
      throw new PaddockError('model_required', messageOf('model_required'), { param: 'model' });
    }
    return requireProvider(id, registry);
  }

  function send(sending: Sending): Promise<Response> {
    const { exchange, target, resolved } = sending;
    exchange.provider = target.provider.name;
    exchange.model = resolved === null ? null : redact(resolved.model);
    onSending?.(exchange);
    return relay(sending, { transport, timeouts, guards, noteBareId });
  }

  return {
    ...createWrittenRequests({ inbound, bodyLimits: options.bodyLimits, send }),

    async relayBody({ client, exchange, path }) {
      const headers = inbound.readHeaders(client);
      const url = toUrl(client, path);
      const hold = (bytes: number) => memory.hold(exchange, bytes);
      const body = await readModelBody(client, { headers, ...bodyLimits, hold, inbound });
      const { provider, resolved } = pick(body.model);
      const maxTokens = url.path === CHAT && provider.kind.maxTokens;
      const target = toInferenceTarget(provider, url);
      const sent = body.withModel(resolved.model, { maxTokens });
      return send({ client, exchange, headers, target, resolved, sent });
    },

    async relayQuery({ client, exchange, path: corrected }) {
      const headers = inbound.readHeaders(client);
      const { path, query } = toUrl(client, corrected);
      const named = parseModelQuery(query);
      const { provider, resolved } = pick(named.model);
      const toTarget = path === PROPS ? toManagementTarget : toInferenceTarget;
      const target = toTarget(provider, { path, query: named.withModel(resolved.model) });
      return send({ client, exchange, headers, target, resolved, sent: NO_BODY });
    },

    async relayUpstream({ client, exchange }) {
      const headers = inbound.readHeaders(client);
      const url = splitUrl(client.url);
      const { provider, path } = readUpstreamPath(url.path, registry.providers);
      const target = toManagementTarget(provider, { path, query: url.query });
      const asked = isWebSocketUpgrade(client.method, headers['upgrade'])
        ? { handshake: toHandshake(headers, transport), sent: NO_BODY }
        : { sent: limitBody(client, { headers, ...bodyLimits }) };
      const acceptEncoding = readAcceptEncoding(headers);
      return send({ client, exchange, headers, target, resolved: null, acceptEncoding, ...asked });
    },
  };
}

function toUrl({ url }: Request, corrected: string | null): PathAndQuery {
  const split = splitUrl(url);
  return corrected === null ? split : { path: corrected, query: split.query };
}

/** The encodings that a client accepts; null for none. */
function readAcceptEncoding({ 'accept-encoding': accepted = '' }: HeaderRecord): string | null {
  return accepted === '' || accepted === 'identity' ? null : accepted;
}

/** The headers that ask an upstream for a WebSocket. */
function toHandshake(headers: HeaderRecord, { webSockets }: Transport): HeaderRecord {
  if (webSockets === undefined) {
    throw new PaddockError('unsupported_by_runtime', messageOf('unsupported_by_runtime'));
  }
  const handshake = { ...readHandshake(headers), upgrade: 'websocket' };
  if (webSockets.extensions) return handshake;
  const { 'sec-websocket-extensions': _extensions, ...plain }: HeaderRecord = handshake;
  return plain;
}

async function relay(
  sending: Sending,
  { transport, timeouts, guards, noteBareId }: RelayOptions,
): Promise<Response> {
  const { client, exchange, target, resolved, sent, acceptEncoding = null } = sending;
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
    answer = await transport.send(request);
  } catch (error) {
    if (resolved !== null) noteBareId(exchange, { resolved, hasFailed: true });
    throw sent.fault() ?? toSendError(error, { provider, timeouts, transport });
  }
  if (resolved !== null) noteBareId(exchange, { resolved, hasFailed: answer.status >= 400 });
  const added: Record<string, string> = {
    ...exchange.headers,
    ...guards,
    'x-paddock-provider': provider.name,
  };
  if (resolved !== null) added['x-paddock-model'] = toHeaderValue(resolved.model);
  const { location } = answer.headers;
  const redirect =
    location === undefined ? null : toClientLocation(location, { provider, asked: base + path });
  if (redirect !== null) added['location'] = redirect;
  exchange.tail = createStreamTail(path, answer.headers['content-type']);
  return answer.toResponse(toClientHeaders(answer.headers, added), exchange);
}

function toSendError(
  error: unknown,
  sending: Pick<RelayOptions, 'timeouts' | 'transport'> & { provider: Provider },
): unknown {
  const { provider, timeouts, transport } = sending;
  if (error instanceof ClientGone || error instanceof PaddockError) return error;
  if (error instanceof UpstreamTimeout) return toTimeoutError(provider, timeouts.firstByteMs ?? 0);
  return transport.isExhausted?.() === true
    ? toExhaustedError(error)
    : toOutcomeError(toFailure(error), { provider, purpose: 'request' });
}

function toTimeoutError({ name }: Pick<Provider, 'name'>, milliseconds: number): PaddockError {
  const message = `${name} did not begin to answer within ${milliseconds} ms. Its model may still be loading: retry later, or raise FIRST_BYTE_TIMEOUT_MS.`;
  return new PaddockError('upstream_timeout', message, {
    // A retry would run the prompt again, and would most likely take as long.
    headers: { 'x-paddock-provider': name, 'x-should-retry': 'false' },
  });
}

/** Headers that link the provider's logs and traces to this request. */
function toTraceHeaders({ id, traceparent }: Exchange): HeaderRecord {
  return traceparent === null ? { 'x-request-id': id } : { 'x-request-id': id, traceparent };
}

function withoutTraceState({ tracestate: _tracestate, ...headers }: HeaderRecord): HeaderRecord {
  return headers;
}
