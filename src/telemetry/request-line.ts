import { toCauseFields } from './cause-fields.ts';
import { isFailure, type Delivery, type Exchange, type ExchangeEnd } from './exchange.ts';
import type { LineStyle, LogLine, Severity } from './log.ts';
import { shorten } from './shorten.ts';

/** The log line of one request that has ended. Times are in milliseconds. */
export interface RequestLine extends LogLine {
  readonly requestId: string;
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly route: string | undefined;
  readonly client: string | undefined;
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly status: number;
  readonly code: string | undefined;
  readonly end: ExchangeEnd;
  readonly firstByteMs: number;
  readonly durationMs: number;
  readonly bytesIn: number | undefined;
  readonly bytesOut: number | undefined;
}

/** The longest path that is logged in full, in characters. */
const MAX_PATH = 1024;

/** The words that a line adds for each end of an answer. */
const REASONS: Readonly<Record<ExchangeEnd, string>> = {
  complete: '',
  handed_over: '',
  client_gone: ': the client disconnected',
  unfinished: ': the stream ended without its last event',
  upstream_gone: ': the upstream closed the connection',
  timed_out: ': the upstream sent nothing for IDLE_TIMEOUT_MS',
  failed: ': Paddock failed during the answer',
  cut_off: ': cut off by the shutdown of Paddock',
};

/** Converts an exchange into a log line. */
export function toRequestLine(
  { exchange, delivery }: { exchange: Exchange; delivery: Delivery },
  style: LineStyle,
): RequestLine {
  const { method, status, error, beganAt, note } = exchange;
  const { end } = delivery;
  const path = exchange.path === null ? null : shorten(exchange.path, MAX_PATH);
  const reason = error === null ? REASONS[end] : `: ${error.message}`;
  const advice = note === null ? '' : ` (${note})`;
  const cause = toCauseFields(error?.cause, style);
  // One literal with a constant shape: this runs for every request, and adding field after field takes twice as long.
  return {
    level: toRequestLevel(exchange, delivery),
    time: style.time,
    requestId: exchange.id,
    method: method ?? undefined,
    path: path ?? undefined,
    route: exchange.route ?? undefined,
    client: exchange.client ?? undefined,
    provider: exchange.provider ?? undefined,
    model: exchange.model ?? undefined,
    status,
    code: error?.code,
    end,
    firstByteMs: toTenths(exchange.answeredAt - beganAt),
    durationMs: toTenths(delivery.endedAt - beganAt),
    bytesIn: delivery.bytesIn ?? undefined,
    bytesOut: delivery.bytesOut ?? undefined,
    reason: cause.reason,
    stack: cause.stack,
    msg: `${toSubject(method, path)}${status}${reason}${advice}`,
  };
}

/** Returns the severity of a request's log line. */
export function toRequestLevel(
  { error, status }: Pick<Exchange, 'error' | 'status'>,
  { end }: Pick<Delivery, 'end'>,
): Severity {
  // A log line at startup already reports missing providers, and an open page would repeat the error every few seconds.
  if (error?.code === 'no_providers') return 'info';
  if (error !== null && status >= 500) return 'error';
  return status >= 500 || isFailure(end) ? 'warn' : 'info';
}

/** Returns the method and the path for a message; empty if the received bytes are not an HTTP request. */
function toSubject(method: string | null, path: string | null): string {
  if (method === null) return '';
  return path === null ? `${method} ` : `${method} ${path} `;
}

function toTenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
