import { collectDefaultMetrics, Registry } from 'prom-client';
import type { LastSeen, Metrics } from '../../http/routes/metrics.ts';
import { VERSION } from '../../version.ts';
import { countExchanges } from './exchange-families.ts';
import { FamilyMetric, type Family } from './family.ts';
import { toFleetFamilies } from './fleet-families.ts';
import { countProbes } from './probe-families.ts';

/** Creates the metrics of this process, with its memory, CPU and event loop where the runtime reports them. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const { began, ended, families: exchanges } = countExchanges();
  const { probed, families: probes } = countProbes();
  let seen: LastSeen = { snapshot: null, list: { favorites: [] } };
  const families = [BUILD, ...exchanges, ...probes, ...toFleetFamilies(() => seen)];
  for (const family of families) registry.registerMetric(new FamilyMetric(family));
  return {
    began,
    ended,
    probed,
    async render(now) {
      seen = now;
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
  };
}

const BUILD: Family = {
  name: 'paddock_build_info',
  type: 'gauge',
  help: 'The version of Paddock and of its runtime.',
  read: () => {
    const { bun, node } = process.versions;
    const runtime = bun === undefined ? 'node' : 'bun';
    return [{ labels: { version: VERSION, runtime, runtime_version: bun ?? node }, value: 1 }];
  },
};
