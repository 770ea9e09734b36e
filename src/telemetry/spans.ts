import { isFailure, type Delivery, type Exchange } from './exchange.ts';
import { shorten } from './shorten.ts';

/** The name, status and attributes of one span that has ended, by OpenTelemetry's semantic conventions. */
export interface SpanText {
  readonly name: string;
  readonly isError: boolean;
  /** Unknown attributes are left out. */
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** The longest text from a client that is kept, in characters. */
const MAX_KEPT = 512;

/** The methods that appear in span names. Others do not, because clients could create any number of names. */
const METHODS: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH QUERY'.split(' '),
);

/** Returns the server span of a whole exchange. */
export function toServerSpan(exchange: Exchange, delivery: Delivery): SpanText {
  const { id, path, route, client, status, error, beganAt, answeredAt } = exchange;
  const { end, bytesIn, bytesOut } = delivery;
  const failure = error?.code ?? toFailure(end) ?? (status >= 500 ? String(status) : null);
  return {
    name: toName(exchange.method, route),
    isError: status >= 500 || toFailure(end) !== null,
    attributes: {
      ...toMethod(exchange.method),
      'url.scheme': 'http',
      ...(path !== null && { 'url.path': shorten(path, MAX_KEPT) }),
      ...(route !== null && { 'http.route': route }),
      'http.response.status_code': status,
      ...(failure !== null && { 'error.type': failure }),
      'paddock.request_id': id,
      ...(client !== null && { 'paddock.client': client }),
      'paddock.end': end,
      'paddock.first_byte_ms': answeredAt - beganAt,
      ...(bytesIn !== null && { 'paddock.bytes_in': bytesIn }),
      ...(bytesOut !== null && { 'paddock.bytes_out': bytesOut }),
    },
  };
}

/** Returns the client span of the request to a provider. It does not contain the provider's address, which is private. */
export function toUpstreamSpan(exchange: Exchange, { end }: Delivery): SpanText {
  const { method, provider, model, error } = exchange;
  // The provider's status is that of the answer, unless Paddock answered itself or the client disconnected first.
  const isAnswered = error === null && exchange.status !== CLIENT_GONE;
  const status = isAnswered ? exchange.status : null;
  const failure =
    error?.code ?? toFailure(end) ?? (status !== null && status >= 400 ? String(status) : null);
  return {
    name: toName(method, provider),
    isError: failure !== null,
    attributes: {
      ...toMethod(method),
      ...(status !== null && { 'http.response.status_code': status }),
      ...(failure !== null && { 'error.type': failure }),
      ...(provider !== null && { 'service.peer.name': provider }),
      ...(provider !== null && model !== null && { 'gen_ai.provider.name': provider }),
      ...(model !== null && { 'gen_ai.request.model': shorten(model, MAX_KEPT) }),
    },
  };
}

/** The status that is recorded when the client disconnects before the answer. */
const CLIENT_GONE = 499;

function toName(method: string | null, target: string | null): string {
  const known = method !== null && METHODS.has(method) ? method : 'HTTP';
  return target === null ? known : `${known} ${target}`;
}

function toMethod(method: string | null): Record<string, string> {
  if (method === null) return { 'http.request.method': '_OTHER' };
  if (METHODS.has(method)) return { 'http.request.method': method };
  return {
    'http.request.method': '_OTHER',
    'http.request.method_original': shorten(method, MAX_KEPT),
  };
}

function toFailure(end: Delivery['end']): string | null {
  return isFailure(end) ? end : null;
}
