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
import { pickRequestId } from '../../telemetry/request-id.ts';
import { splitUrl } from '../../gateway/target.ts';
import { createRouteReader } from './route-reader.ts';

/** How one answer goes out, and what it is told when that has ended. */
export interface Delivering {
  readonly request: Request;
  readonly response: Response;
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** To be called once, whatever happens. */
  readonly ended: (delivery: Delivery) => void;
}

/** Sees to it that the end of an answer is noticed: answers the response to be sent, which may be another. */
export type Deliver = (delivering: Delivering) => Response;

const EXCHANGE = 'exchange';

/** The exchange that a request is part of. */
export function readExchange(c: Context): Exchange {
  return c.get(EXCHANGE) as Exchange;
}

/** Makes the middleware that stands around all others: it gives each request its ID, and tells observers of it. */
export function observe(options: {
  observers: readonly Observer[];
  clock: Clock;
  deliver: Deliver;
  /** Called with the headers of each answer to a request that a provider was chosen for. */
  answered?: (c: Context, exchange: Exchange) => void;
  /** Aborted when what still runs is cut off. */
  cutting?: AbortSignal | undefined;
  redact: Redact;
}): MiddlewareHandler {
  const { observers, clock, deliver, answered, cutting, redact } = options;
  const create = () => crypto.randomUUID();
  const readRoute = createRouteReader();
  return async (c, next) => {
    const request = c.req.raw;
    const exchange = createExchange(
      {
        id: pickRequestId(c.req.header('x-request-id'), { create, redact }),
        method: request.method,
        path: splitUrl(request.url).path,
        beganAt: clock.monotonic(),
      },
      redact,
    );
    exchange.route = readRoute(c);
    c.set(EXCHANGE, exchange);
    for (const observer of observers) observer.began?.(exchange, (name) => c.req.header(name));
    await next();
    exchange.status = c.res.status;
    exchange.answeredAt = clock.monotonic();
    if (exchange.provider !== null) answered?.(c, exchange);
    // What comes of a host has them already, and its headers are dear to touch.
    if (exchange.provider === null || exchange.error !== null) {
      for (const name in exchange.headers) c.res.headers.set(name, exchange.headers[name] ?? '');
    }
    const ended = (seen: Delivery) => {
      const end = toEnd(seen.end, { exchange, isCutting: cutting?.aborted === true });
      const delivery = end === seen.end ? seen : { ...seen, end };
      for (const observer of observers) observer.ended(exchange, delivery);
    };
    const response = deliver({ request, response: c.res, exchange, clock, ended });
    if (response !== c.res) replaceResponse(c, response);
  };
}

/** How an exchange ended, by what is known beyond its connection. */
function toEnd(
  seen: ExchangeEnd,
  { exchange, isCutting }: { exchange: Exchange; isCutting: boolean },
): ExchangeEnd {
  // A connection tells that it is gone, and not on which side that began.
  if (seen === 'client_gone' && isCutting) return 'cut_off';
  return seen === 'complete' && exchange.tail?.isUnfinished() === true ? 'unfinished' : seen;
}

/** Puts another response in place of the one that is there, with nothing of it kept. */
function replaceResponse(c: Context, response: Response): void {
  c.res = undefined;
  c.res = response;
}
