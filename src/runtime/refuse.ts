import { toOpenAiError, toPaddockError } from '../errors.ts';
import type { Redact } from '../telemetry/redact.ts';
import { createExchange, type Exchange, type Observer } from '../telemetry/exchange.ts';

/** The response to a request that is refused outside of the app. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Refuses a request outside of the app, and reports it to the observers. Errors of other kinds are unexpected. */
export type Refuse = (
  error: unknown,
  seen?: Readonly<Partial<Pick<Exchange, 'method' | 'path'>>>,
) => Refusal;

/** Creates the function that refuses before there is a request, or when the app itself has failed. */
export function createRefuse(observers: readonly Observer[], redact: Redact): Refuse {
  return (cause, { method = null, path = null } = {}) => {
    const error = toPaddockError(cause);
    const { status } = error;
    // The time at which the request began to arrive is unknown.
    const now = performance.now();
    const begun = createExchange({ id: crypto.randomUUID(), method, path, beganAt: now }, redact);
    const exchange = Object.assign(begun, { error, status, answeredAt: now });
    for (const observer of observers) {
      observer.began?.(exchange, () => undefined);
      observer.ended(exchange, { end: 'complete', endedAt: now, bytesIn: null, bytesOut: null });
    }
    const headers = { 'content-type': 'application/json', ...exchange.headers };
    return { status, headers, body: JSON.stringify(toOpenAiError(error)) };
  };
}
