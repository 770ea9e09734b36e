import { ERROR_CODES, type ErrorCode } from '../../errors.ts';
import type { Delivery, Exchange, ExchangeEnd } from '../../telemetry/exchange.ts';
import { addDuration, createHistogram, type Histogram } from '../../telemetry/histogram.ts';
import { increment, toSamples, type Family, type Sample } from './family.ts';

/** The route label of requests that match no route. */
const UNROUTED = 'unrouted';

/** Bucket bounds in seconds, from an answer out of memory to a model that thinks for ten minutes. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Creates the counts of the exchanges of one route with one provider. */
const createRouteTally = () => ({
  /** The number of ended exchanges, by the name of the client's key and by status. */
  requests: new Map<string | null, Map<number, number>>(),
  /** The time until the answer's headers. */
  firstByte: createHistogram(BOUNDS),
  duration: createHistogram(BOUNDS),
  /** Bytes of requests and of answers, where the platform reports them. */
  bytesIn: 0,
  bytesOut: 0,
});
type RouteTally = ReturnType<typeof createRouteTally>;

interface Tally {
  readonly inFlight: Map<string | null, number>;
  readonly routes: Map<string | null, Map<string | null, RouteTally>>;
  /** The number of exchanges by provider and by end. */
  readonly ends: Map<string | null, Map<ExchangeEnd, number>>;
  readonly errors: Map<ErrorCode, number>;
}

/**
 * Creates the observer that counts exchanges, and its metrics. It runs for every request, so it uses plain numbers in maps
 * by label. Labels are bounded regardless of what clients send: routes, and the providers and keys of the settings. A
 * missing provider, a missing client and a client without a name are null, and an empty label.
 */
export function countExchanges() {
  const tally: Tally = {
    inFlight: new Map(),
    routes: new Map(),
    ends: new Map(),
    errors: new Map(),
  };
  const { inFlight, routes, ends, errors } = tally;

  function find({ route, provider }: Exchange): RouteTally {
    let tallies = routes.get(route);
    if (tallies === undefined) routes.set(route, (tallies = new Map()));
    let counts = tallies.get(provider);
    if (counts === undefined) tallies.set(provider, (counts = createRouteTally()));
    return counts;
  }

  return {
    families: toFamilies(tally),
    began({ route }: Exchange): void {
      inFlight.set(route, (inFlight.get(route) ?? 0) + 1);
    },
    ended(exchange: Exchange, { end, endedAt, bytesIn, bytesOut }: Delivery): void {
      const { route, provider, client, status, beganAt, answeredAt, error } = exchange;
      inFlight.set(route, (inFlight.get(route) ?? 0) - 1);
      const counts = find(exchange);
      increment(counts.requests, { of: client, by: status });
      addDuration(counts.firstByte, (answeredAt - beganAt) / 1000);
      addDuration(counts.duration, (endedAt - beganAt) / 1000);
      counts.bytesIn += bytesIn ?? 0;
      counts.bytesOut += bytesOut ?? 0;
      increment(ends, { of: provider, by: end });
      if (error !== null) errors.set(error.code, (errors.get(error.code) ?? 0) + 1);
    },
  };
}

function toFamilies(tally: Tally): readonly Family[] {
  return [
    {
      name: 'paddock_requests_total',
      type: 'counter',
      help: 'Requests whose answer has ended, by route, provider, name of the client’s key and status.',
      read: () => readTallies(tally, toRequestSamples),
    },
    {
      name: 'paddock_request_ends_total',
      type: 'counter',
      help: 'How answers ended: complete, unfinished, client_gone, upstream_gone, timed_out, failed, cut_off or, on Bun, handed_over.',
      read: () =>
        [...tally.ends].flatMap(([provider, counts]) =>
          [...counts].map(([end, value]) => ({ labels: { provider: provider ?? '', end }, value })),
        ),
    },
    {
      name: 'paddock_errors_total',
      type: 'counter',
      help: 'Paddock’s own errors, by code.',
      // List all codes from the start, so that the first error shows as an increase.
      read: () =>
        ERROR_CODES.map((code) => ({ labels: { code }, value: tally.errors.get(code) ?? 0 })),
    },
    {
      name: 'paddock_requests_in_flight',
      type: 'gauge',
      help: 'Requests whose answer has not ended, including this scrape.',
      read: () =>
        [...tally.inFlight].map(([route, value]) => ({
          labels: { route: route ?? UNROUTED },
          value,
        })),
    },
    toDurationFamily(tally, {
      name: 'paddock_request_first_byte_seconds',
      help: 'Time from a request’s arrival to the headers of its answer.',
      pick: ({ firstByte }) => firstByte,
    }),
    toDurationFamily(tally, {
      name: 'paddock_request_duration_seconds',
      help: 'Time from a request’s arrival to the end of its answer.',
      pick: ({ duration }) => duration,
    }),
    {
      name: 'paddock_request_bytes_total',
      type: 'counter',
      help: 'Bytes of request bodies, if their length is known.',
      read: () => readTallies(tally, ({ bytesIn }, labels) => [{ labels, value: bytesIn }]),
    },
    {
      name: 'paddock_response_bytes_total',
      type: 'counter',
      help: 'Bytes of answer bodies. Paddock’s own answers are counted on Node only, including their headers.',
      read: () => readTallies(tally, ({ bytesOut }, labels) => [{ labels, value: bytesOut }]),
    },
  ];
}

type RouteLabels = Readonly<Record<'route' | 'provider', string>>;

function readTallies(
  { routes }: Tally,
  read: (tally: RouteTally, labels: RouteLabels) => readonly Sample[],
): Sample[] {
  return [...routes].flatMap(([route, tallies]) =>
    [...tallies].flatMap(([provider, tally]) =>
      read(tally, { route: route ?? UNROUTED, provider: provider ?? '' }),
    ),
  );
}

function toDurationFamily(
  tally: Tally,
  family: Pick<Family, 'name' | 'help'> & { pick: (tally: RouteTally) => Histogram },
): Family {
  const { name, help, pick } = family;
  const read = () =>
    readTallies(tally, (routeTally, labels) => toSamples(pick(routeTally), { name, labels }));
  return { name, type: 'histogram', help, read };
}

function toRequestSamples({ requests }: RouteTally, labels: RouteLabels): Sample[] {
  return [...requests].flatMap(([client, statuses]) =>
    [...statuses].map(([status, value]) => ({
      labels: { ...labels, client: client ?? '', status },
      value,
    })),
  );
}
