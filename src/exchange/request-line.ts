import { isFailure, type Delivery, type Exchange } from './exchange.ts';

/** What a log says of one request that has ended. Times are in milliseconds; what is not known is left out. */
export interface RequestLine {
  readonly level: RequestLevel;
  readonly message: string;
  readonly fields: RequestFields;
  /** What lay under an error of Paddock's own. */
  readonly cause?: unknown;
}

/** How grave it is that a request ended as it did. */
export type RequestLevel = 'error' | 'warn' | 'info';

/** What stands in a request's line, by name. */
type RequestFields = Readonly<Record<string, string | number>>;

/** The longest path that is written down whole, in characters. */
const MAX_PATH = 1024;

/** Puts an exchange into a line. */
export function toRequestLine(exchange: Exchange, delivery: Delivery): RequestLine {
  const { id, method, route, client, provider, model, status, error } = exchange;
  const { end, endedAt, bytesIn, bytesOut } = delivery;
  const path = exchange.path === null ? null : shorten(exchange.path);
  const reason = error === null ? toReason(end) : `: ${error.message}`;
  // One by one, for this is done for every request.
  const fields: Record<string, string | number> = { requestId: id };
  if (method !== null) fields['method'] = method;
  if (path !== null) fields['path'] = path;
  if (route !== null) fields['route'] = route;
  if (client !== null) fields['client'] = client;
  if (provider !== null) fields['provider'] = provider;
  if (model !== null) fields['model'] = model;
  fields['status'] = status;
  if (error !== null) fields['code'] = error.code;
  fields['end'] = end;
  fields['firstByteMs'] = toTenths(exchange.answeredAt - exchange.beganAt);
  fields['durationMs'] = toTenths(endedAt - exchange.beganAt);
  if (bytesIn !== null) fields['bytesIn'] = bytesIn;
  if (bytesOut !== null) fields['bytesOut'] = bytesOut;
  return {
    level: toRequestLevel(exchange, delivery),
    message: `${toSubject(method, path)}${status}${reason}`,
    fields,
    ...(error?.cause !== undefined && { cause: error.cause }),
  };
}

/** How grave it is that an exchange ended so. */
export function toRequestLevel(
  { error, status }: Pick<Exchange, 'error' | 'status'>,
  { end }: Pick<Delivery, 'end'>,
): RequestLevel {
  // Who has set up no provider was told so at the start; a page that is left open would say it every few seconds.
  if (error?.code === 'no_providers') return 'info';
  if (error !== null && status >= 500) return 'error';
  return status >= 500 || isFailure(end) ? 'warn' : 'info';
}

/** What a message says of what was asked: of what is no request nothing. */
function toSubject(method: string | null, path: string | null): string {
  if (method === null) return '';
  return path === null ? `${method} ` : `${method} ${path} `;
}

function shorten(path: string): string {
  return path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path;
}

function toReason(end: Delivery['end']): string {
  switch (end) {
    case 'complete':
    case 'handed_over':
      return '';
    case 'client_gone':
      return ': the client went away';
    case 'upstream_gone':
      return ': the host broke off';
    case 'failed':
      return ': broken off';
    case 'cut_off':
      return ': cut off by the end of Paddock';
  }
}

function toTenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
