import type { Delivery, Exchange } from './exchange.ts';

/** What a log says of one request that has ended. Times are in milliseconds; what is not known is left out. */
export interface RequestLine {
  readonly level: 'error' | 'warn' | 'info';
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number>>;
  /** What lay under an error of Paddock's own. */
  readonly cause?: unknown;
}

/** Puts an exchange into a line. */
export function toRequestLine(exchange: Exchange, delivery: Delivery): RequestLine {
  const { id, method, path, route, client, provider, model, status, error } = exchange;
  const { end, endedAt, bytesIn, bytesOut } = delivery;
  const reason = error === null ? toReason(end) : `: ${error.message}`;
  return {
    level: toLevel(exchange, end),
    message: `${method} ${path} ${status}${reason}`,
    fields: {
      requestId: id,
      method,
      path,
      ...(route !== null && { route }),
      ...(client !== null && { client }),
      ...(provider !== null && { provider }),
      ...(model !== null && { model }),
      status,
      ...(error !== null && { code: error.code }),
      end,
      firstByteMs: toTenths(exchange.answeredAt - exchange.beganAt),
      durationMs: toTenths(endedAt - exchange.beganAt),
      ...(bytesIn !== null && { bytesIn }),
      ...(bytesOut !== null && { bytesOut }),
    },
    ...(error?.cause !== undefined && { cause: error.cause }),
  };
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
  }
}

function toLevel({ error, status }: Exchange, end: Delivery['end']): RequestLine['level'] {
  // Who has set up no provider was told so at the start; a page that is left open would say it every few seconds.
  if (error?.code === 'no_providers') return 'info';
  if (error !== null && status >= 500) return 'error';
  return status >= 500 || end === 'upstream_gone' || end === 'failed' ? 'warn' : 'info';
}

function toTenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
