// telemetry/ keeps the record of one request and its answer, for logs, metrics and traces. It has no influence on the
// answer, and stores no part of a prompt, an answer or a key.

import type { PaddockError } from '../errors.ts';
import { createRedact, type Redact } from './redact.ts';
import { shorten } from './shorten.ts';
import type { StreamTail } from './stream-tail.ts';

/** The record of one request and its answer, filled in while the request is processed. */
export interface Exchange {
  /** The request's own ID, or a generated one. */
  readonly id: string;
  /** The method; null if the received bytes are not an HTTP request. */
  readonly method: string | null;
  /** The path, percent-encoded, without the query; cut off where it is very long; null if there is none. */
  readonly path: string | null;
  /** The time of the request's arrival, in milliseconds of the monotonic clock. */
  readonly beganAt: number;
  /** The `traceparent` that the provider gets; null to forward the client's own, if any. */
  traceparent: string | null;
  /** Whether `traceparent` begins a new trace, to which the client's `tracestate` does not belong. */
  beginsTrace: boolean;
  /** The headers that Paddock adds to the answer, by lower-case name, also where an upstream provides the body. */
  readonly headers: Record<string, string>;
  /** The matched route, as the OpenAPI document writes it: `/api/favorites/{id}`; null if no route matches. */
  route: string | null;
  /** A correction that the client should make, for the log; null for none. */
  note: string | null;
  /** The name of the client's key; null if the key has no name, or no key is required. */
  client: string | null;
  /** The provider that the request was sent to; null for none. */
  provider: string | null;
  /** The provider's own name for the model; null where Paddock does not know the model. */
  model: string | null;
  /** The answer's status; 0 before the answer. */
  status: number;
  /** The time when the answer's headers were available, in milliseconds of the monotonic clock; 0 before. */
  answeredAt: number;
  /** Paddock's own error, if that is the answer; else null. */
  error: PaddockError | null;
  /** The failure of the upstream after its headers, or null. */
  upstreamFailure: UpstreamFailure | null;
  /** The end of the answer, where it shows whether the answer is complete; else null. */
  tail: Pick<StreamTail, 'add' | 'isUnfinished'> | null;
  /** The bytes of the request's body that are held in memory. */
  bodyBytes: number;
}

/** How an upstream failed within an answer: its connection broke, or `IDLE_TIMEOUT_MS` passed in silence. */
export type UpstreamFailure = 'upstream_gone' | 'timed_out';

/**
 * The reason why an exchange ended: Paddock sent the complete answer; Paddock sent all of the answer, but its last event
 * was missing; the client disconnected first; the upstream failed; Paddock failed, or shut down and cut the answer off; or
 * the platform sends the rest and does not report how it ends.
 */
export type ExchangeEnd =
  | 'complete'
  | 'unfinished'
  | 'client_gone'
  | UpstreamFailure
  | 'failed'
  | 'cut_off'
  | 'handed_over';

/** Whether an end means an incomplete answer although the client stayed connected. */
export function isFailure(end: ExchangeEnd): boolean {
  return end !== 'complete' && end !== 'client_gone' && end !== 'handed_over';
}

/** The end of an exchange, its time and its sizes. */
export interface Delivery {
  readonly end: ExchangeEnd;
  /** The time of the end, in milliseconds of the monotonic clock. */
  readonly endedAt: number;
  /**
   * The bytes of the bodies: as announced for the request, as sent for the answer; null where unknown. For Paddock's own
   * answers, Node counts the headers too, and other runtimes report no size.
   */
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
}

/** Observes exchanges. It must not throw. It is called once for the beginning and once for the end of each exchange. */
export interface Observer {
  began?(exchange: Exchange, headers: RequestHeaders): void;
  /** Called just before the request is sent to its provider, with the `traceparent` that it has then. */
  sending?(exchange: Exchange): void;
  ended(exchange: Exchange, delivery: Delivery): void;
}

/** Returns one of a request's headers. */
export type RequestHeaders = (name: string) => string | undefined;

/** The longest path that is kept, in characters, so that long paths do not make long logs. */
const LONGEST_PATH = 2048;

const REDACT_NOTHING = createRedact([]);

/** Creates an exchange. `redact` removes known secrets from the text that the client chose. */
export function createExchange(
  begun: Pick<Exchange, 'id' | 'method' | 'path' | 'beganAt'>,
  redact: Redact = REDACT_NOTHING,
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
    note: null,
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
