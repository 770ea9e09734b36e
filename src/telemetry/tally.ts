import type { ErrorCode } from '../errors.ts';
import type { Exchange, ExchangeEnd, Observer } from './exchange.ts';
import { addDuration, createHistogram, type Histogram } from './histogram.ts';

/** The counts of the exchanges of one route with one provider. */
export interface RouteTally {
  /** The number of ended exchanges, by the name of the client's key and by status. */
  readonly requests: Map<string | null, Map<number, number>>;
  /** The time until the answer's headers. */
  readonly firstByte: Histogram;
  readonly duration: Histogram;
  /** Bytes of requests and of answers, where the platform reports them. */
  bytesIn: number;
  bytesOut: number;
}

/**
 * Counts of exchanges. Their labels are bounded regardless of what clients send: routes, and the providers and keys of the
 * settings. Null stands for no route, no provider or no name.
 */
export interface Tally {
  readonly inFlight: ReadonlyMap<string | null, number>;
  readonly routes: ReadonlyMap<string | null, ReadonlyMap<string | null, RouteTally>>;
  /** The number of exchanges by provider and by end. */
  readonly ends: ReadonlyMap<string | null, ReadonlyMap<ExchangeEnd, number>>;
  readonly errors: ReadonlyMap<ErrorCode, number>;
}

/** Bucket bounds in seconds, from an answer out of memory to a model that thinks for ten minutes. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Creates the observer that counts exchanges. It runs for every request, so it uses plain numbers in maps by label. */
export function createTally(): Tally & Required<Pick<Observer, 'began' | 'ended'>> {
  const inFlight = new Map<string | null, number>();
  const routes = new Map<string | null, Map<string | null, RouteTally>>();
  const ends = new Map<string | null, Map<ExchangeEnd, number>>();
  const errors = new Map<ErrorCode, number>();

  function find({ route, provider }: Exchange): RouteTally {
    let tallies = routes.get(route);
    if (tallies === undefined) routes.set(route, (tallies = new Map()));
    let tally = tallies.get(provider);
    if (tally === undefined) tallies.set(provider, (tally = createRouteTally()));
    return tally;
  }

  return {
    inFlight,
    routes,
    ends,
    errors,
    began({ route }) {
      inFlight.set(route, (inFlight.get(route) ?? 0) + 1);
    },
    ended(exchange, { end, endedAt, bytesIn, bytesOut }) {
      const { route, provider, client, status, beganAt, answeredAt, error } = exchange;
      inFlight.set(route, (inFlight.get(route) ?? 0) - 1);
      const tally = find(exchange);
      increment(tally.requests, { of: client, by: status });
      addDuration(tally.firstByte, (answeredAt - beganAt) / 1000);
      addDuration(tally.duration, (endedAt - beganAt) / 1000);
      tally.bytesIn += bytesIn ?? 0;
      tally.bytesOut += bytesOut ?? 0;
      increment(ends, { of: provider, by: end });
      if (error !== null) errors.set(error.code, (errors.get(error.code) ?? 0) + 1);
    },
  };
}

function createRouteTally(): RouteTally {
  return {
    requests: new Map(),
    firstByte: createHistogram(BOUNDS),
    duration: createHistogram(BOUNDS),
    bytesIn: 0,
    bytesOut: 0,
  };
}

/** Adds one to a count in a table of two keys. */
export function increment<Of, By>(
  table: Map<Of, Map<By, number>>,
  { of, by }: { of: Of; by: By },
): void {
  const counts = table.get(of);
  if (counts === undefined) table.set(of, new Map([[by, 1]]));
  else counts.set(by, (counts.get(by) ?? 0) + 1);
}
