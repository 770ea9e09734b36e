import type { Context, MiddlewareHandler } from 'hono';
import type { Clock } from '../../clock.ts';
import {
  createExchange,
  type Delivery,
  type Exchange,
  type ExchangeEnd,
  type Observer,
} from '../../telemetry/exchange.ts';
import type { Redact } from '../../telemetry/redact.ts';
import { addNote } from '../../gateway/add-note.ts';
import { splitUrl } from '../../gateway/target.ts';
import type { CorrectPath, Correction } from '../correct-path.ts';
import { createRouteReader } from './route-reader.ts';

/** An answer to deliver, and the callback for its end. */
export interface Delivering {
  readonly request: Request;
  readonly response: Response;
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Must be called exactly once, whatever happens. */
  readonly ended: (delivery: Delivery) => void;
}

/** Detects the end of an answer. Returns the response to send, which may be a different one. */
export type Deliver = (delivering: Delivering) => Response;

const EXCHANGE = 'exchange';

/** IDs that are safe in a header, a log and a shell. Common IDs look like `req_011C…`, UUIDs or trace IDs. */
const SAFE_ID = /^[\w.:@=+/-]{1,128}$/u;

/** Returns the exchange of a request. */
export function readExchange(c: Context): Exchange {
  return c.get(EXCHANGE) as Exchange;
}

const PATH = 'correctedPath';

/** Returns the path that is served in place of the client's own, percent-encoded; null if it needed no correction. */
export function readCorrectedPath(c: Context): string | null {
  return (c.get(PATH) as string | undefined) ?? null;
}

function correct(c: Context, correction: Correction | null): void {
  if (correction === null) return;
  addNote(readExchange(c), correction.note);
  c.set(PATH, correction.path);
}

/** Creates the outermost middleware: it gives each request its ID and notifies the observers. */
export function observe(options: {
  observers: readonly Observer[];
  clock: Clock;
  deliver: Deliver;
  /** Called with the headers of each answer, if a provider was chosen for the request. */
  answered?: (c: Context, exchange: Exchange) => void;
  /** Aborted when Paddock cuts off the requests that still run. */
  aborting?: AbortSignal | undefined;
  redact: Redact;
  correctPath?: CorrectPath;
}): MiddlewareHandler {
  const { observers, clock, deliver, answered, aborting, redact } = options;
  const { correctPath = () => null } = options;
  const readRoute = createRouteReader();
  return async (c, next) => {
    const request = c.req.raw;
    const { path } = splitUrl(request.url);
    const exchange = createExchange(
      {
        id: pickRequestId(c.req.header('x-request-id'), redact),
        method: request.method,
        path,
        beganAt: clock.monotonic(),
      },
      redact,
    );
    exchange.route = readRoute(c);
    c.set(EXCHANGE, exchange);
    if (c.req.path !== path) correct(c, correctPath(path));
    for (const observer of observers) observer.began?.(exchange, (name) => c.req.header(name));
    await next();
    exchange.status = c.res.status;
    exchange.answeredAt = clock.monotonic();
    if (exchange.provider !== null) answered?.(c, exchange);
    // A provider's answer already has these headers, and changing its headers is slow.
    if (exchange.provider === null || exchange.error !== null) {
      for (const name in exchange.headers) c.res.headers.set(name, exchange.headers[name] ?? '');
    }
    const ended = (seen: Delivery) => {
      const end = toEnd(seen.end, { exchange, isAborting: aborting?.aborted === true });
      const delivery = end === seen.end ? seen : { ...seen, end };
      for (const observer of observers) observer.ended(exchange, delivery);
    };
    const response = deliver({ request, response: c.res, exchange, clock, ended });
    if (response === c.res) return;
    // Hono would copy the old response's headers.
    c.res = undefined;
    c.res = response;
  };
}

/** Returns the request's own ID if it is safe and contains no secret, or a new one. */
function pickRequestId(given: string | undefined, redact: Redact): string {
  const isSafe = given !== undefined && SAFE_ID.test(given) && redact(given) === given;
  return isSafe ? given : crypto.randomUUID();
}

/** Returns how an exchange ended, using more than its connection shows. */
function toEnd(
  seen: ExchangeEnd,
  { exchange, isAborting }: { exchange: Exchange; isAborting: boolean },
): ExchangeEnd {
  // A closed connection does not show which side closed it.
  if (seen === 'client_gone' && isAborting) return 'cut_off';
  const isUnfinished = seen === 'complete' && exchange.tail?.isUnfinished() === true;
  return isUnfinished ? (exchange.upstreamFailure ?? 'unfinished') : seen;
}
