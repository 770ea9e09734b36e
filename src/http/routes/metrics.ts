import { Hono } from 'hono';
import type { ProbeResult } from '../../catalog/probe.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { SnapshotSource } from '../../catalog/snapshot-source.ts';
import { PaddockError } from '../../errors.ts';
import type { RecentFavorites, RecentList } from '../../favorites/recent-favorites.ts';
import type { Observer } from '../../telemetry/exchange.ts';
import type { Settings } from '../../settings/settings.ts';
import { toBackground } from '../background.ts';
import { describe, textAnswer } from '../openapi/describe.ts';

/** The facts that are known without a request to any provider. */
export interface LastSeen {
  /** Null if no provider was probed yet. */
  readonly snapshot: Snapshot | null;
  readonly list: RecentList;
}

/** The metrics for Prometheus: an observer of exchanges that also counts probes and renders the result. */
export interface Metrics extends Observer {
  /** Counts a probe that ended after this many milliseconds. */
  probed(probe: {
    readonly provider: string;
    readonly result: ProbeResult['status'];
    readonly milliseconds: number;
  }): void;
  /** Renders all metrics in Prometheus' text format. */
  render(seen: LastSeen): Promise<{ readonly text: string; readonly contentType: string }>;
}

const NO_METRICS_MESSAGE =
  'Metrics are not available on Workers, where each isolate would have its own counts. Use the metrics and logs of the platform.';

const EXAMPLE = `# HELP paddock_provider_up Whether a provider was online when it was last probed.
# TYPE paddock_provider_up gauge
paddock_provider_up{provider="sam-desktop"} 1
paddock_provider_up{provider="lab-server"} 0
`;

/** Creates the route that Prometheus scrapes: counters and the last snapshot. A scrape never asks a provider. */
export function metricsRoutes(options: {
  settings: Pick<Settings, 'metricsKeys'>;
  metrics: Metrics | undefined;
  snapshots: Pick<SnapshotSource, 'last'>;
  recentFavorites: RecentFavorites;
}) {
  const { settings, metrics, snapshots, recentFavorites } = options;
  return new Hono().get(
    '/metrics',
    describe(
      {
        tag: 'meta',
        summary: 'Metrics in Prometheus’ text format, on Node and Bun',
        answers: {
          200: textAnswer('All metrics; a scrape sends no request to a provider', {
            type: 'text/plain',
            example: EXAMPLE,
          }),
        },
        errors: ['not_found'],
        ownKeys: settings.metricsKeys,
      },
      async (c) => {
        if (metrics === undefined) throw new PaddockError('not_found', NO_METRICS_MESSAGE);
        const list = await recentFavorites.read(toBackground(c));
        const { text, contentType } = await metrics.render({ snapshot: snapshots.last(), list });
        return c.body(text, 200, { 'content-type': contentType, 'cache-control': 'no-store' });
      },
    ),
  );
}
