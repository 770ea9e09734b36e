// telemetry/ keeps the record of one request and its answer, for logs, metrics and traces. It decides
// nothing about the answer, and holds no part of a prompt, an answer or a key.

import type { PaddockError } from '../errors.ts';
import { createRedact, type Redact } from './redact.ts';
import { shorten } from './shorten.ts';
import type { StreamTail } from './stream-tail.ts';

/** One request and its answer, written down on the way. */
export interface Exchange {
  /** The request's own ID, or one that was made for it. */
  readonly id: string;
  /** Null where what came is no request. */
  readonly method: string | null;
  /**
   * The path as it was sent, percent-encoded, without the query; of a very long one the beginning; null where there is
   * none.
   */
  readonly path: string | null;
  /** When it arrived, in milliseconds of the monotonic clock. */
  readonly beganAt: number;
  /** The `traceparent` that the host gets; null for the client's own, if any. */
  traceparent: string | null;
  /** Whether that begins a trace, to which the client's `tracestate` does not belong. */
  beginsTrace: boolean;
  /** What Paddock says in the head of the answer, by names in lower case, whoever makes its body. */
  readonly headers: Record<string, string>;
  /** The route it is for, as the OpenAPI document writes it: `/api/favorites/{id}`; null where it is for none. */
  route: string | null;
  /** The name of the key that let it in; null where that has none, or none is asked for. */
  client: string | null;
  /** The provider it was sent to; null where it was sent to none. */
  provider: string | null;
  /** That provider's own name for the model; null where Paddock does not know which it is. */
  model: string | null;
  /** The answer's status; 0 before there is one. */
  status: number;
  /** When the answer's headers were there, in milliseconds of the monotonic clock; 0 before. */
  answeredAt: number;
  /** Paddock's own error, where that is the answer. */
  error: PaddockError | null;
  /** How the upstream failed after its headers, or null. */
  upstreamFailure: UpstreamFailure | null;
  /** The end of the answer, where that tells whether it is whole; else null. */
  tail: StreamTail | null;
  /** How many bytes of the request's body are held in memory. */
  bodyBytes: number;
}

/** How an upstream can fail within an answer: the connection broke, or nothing came for `IDLE_TIMEOUT_MS`. */
export type UpstreamFailure = 'upstream_gone' | 'timed_out';

/**
 * Why an exchange ended: all of the answer was sent; all was sent, but the answer's own last event was missing; the
 * client went away first; the upstream failed; Paddock itself failed, or stopped and cut it off; or the platform was
 * handed the rest and does not tell how that ends.
 */
export type ExchangeEnd =
  | 'complete'
  | 'unfinished'
  | 'client_gone'
  | UpstreamFailure
  | 'failed'
  | 'cut_off'
  | 'handed_over';

/** The ends of answers that did not come whole, although their clients waited. */
const FAILURES: ReadonlySet<ExchangeEnd> = new Set<ExchangeEnd>([
  'unfinished',
  'upstream_gone',
  'timed_out',
  'failed',
  'cut_off',
]);

/** Whether an answer did not come whole, although its client waited. */
export function isFailure(end: ExchangeEnd): boolean {
  return FAILURES.has(end);
}

/** How an exchange ended. */
export interface Delivery {
  readonly end: ExchangeEnd;
  /** When, in milliseconds of the monotonic clock. */
  readonly endedAt: number;
  /**
   * Bytes of the bodies: of the request as far as it announces them, of the answer as they were sent; null where nobody
   * says. An answer of Paddock's own has its head counted in on Node, and no size elsewhere.
   */
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
}

/** Watches exchanges. It must not throw, and sees each begin and end once. */
export interface Observer {
  began?(exchange: Exchange, headers: RequestHeaders): void;
  /** It is about to be sent on to its provider, with the `traceparent` that it has then. */
  sending?(exchange: Exchange): void;
  ended(exchange: Exchange, delivery: Delivery): void;
}

/** Reads one of a request's headers. */
export type RequestHeaders = (name: string) => string | undefined;

/** How much is kept of a path, in characters: whoever sends long ones writes no long logs. */
const LONGEST_PATH = 2048;

const KEEP = createRedact([]);

/** Begins an exchange. What the client chose is written down without the secrets that `redact` knows. */
export function createExchange(
  begun: Pick<Exchange, 'id' | 'method' | 'path' | 'beganAt'>,
  redact: Redact = KEEP,
): Exchange {
  return {
    id: begun.id,
    method: begun.method === null ? null : redact(begun.method),
    path: begun.path === null ? null : redact(shorten(begun.path, LONGEST_PATH)),
    beganAt: begun.beganAt,
    traceparent: null,
    beginsTrace: false,
    headers: { 'x-request-id': begun.id },
    route: null,
    client: null,
    provider: null,
    model: null,
    status: 0,
    answeredAt: 0,
    error: null,
    upstreamFailure: null,
    tail: null,
    bodyBytes: 0,
  };
}
