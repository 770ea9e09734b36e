import { ERROR_CODES } from '../../errors.ts';
import type { Histogram } from '../../telemetry/histogram.ts';
import type { RouteTally, Tally } from '../../telemetry/tally.ts';
import { toSamples, type Family, type Sample } from './family.ts';

/** The route label of requests that match no route. */
const UNROUTED = 'unrouted';

/**
 * Returns the metrics of exchanges. A missing provider, a missing client and a client without a name are an empty
 * label.
 */
export function toExchangeFamilies(tally: Tally): Family[] {
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
        [...tally.ends].flatMap(([provider, ends]) =>
          [...ends].map(([end, value]) => ({ labels: { provider: provider ?? '', end }, value })),
        ),
    },
    {
      name: 'paddock_errors_total',
      type: 'counter',
      help: 'Errors of Paddock’s own that were answered, by code.',
      // List all codes from the start, so that the first error shows as an increase.
      read: () =>
        ERROR_CODES.map((code) => ({ labels: { code }, value: tally.errors.get(code) ?? 0 })),
    },
    {
      name: 'paddock_requests_in_flight',
      type: 'gauge',
      help: 'Requests whose answer has not ended, this scrape among them.',
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
      help: 'Bytes of the bodies of requests, as far as they announce their length.',
      read: () => readTallies(tally, ({ bytesIn }, labels) => [{ labels, value: bytesIn }]),
    },
    {
      name: 'paddock_response_bytes_total',
      type: 'counter',
      help: 'Bytes of the bodies of answers; those of Paddock itself on Node alone, with heads.',
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

function toRequestSamples({ requests }: RouteTally, labels: RouteLabels): Sample[] {
  return [...requests].flatMap(([client, statuses]) =>
    [...statuses].map(([status, value]) => ({
      labels: { ...labels, client: client ?? '', status },
      value,
    })),
  );
}

function toDurationFamily(
  tally: Tally,
  family: { name: string; help: string; pick: (tally: RouteTally) => Histogram },
): Family {
  const { name, help, pick } = family;
  return {
    name,
    type: 'histogram',
    help,
    read: () =>
      readTallies(tally, (routeTally, labels) => toSamples(pick(routeTally), { name, labels })),
  };
}
