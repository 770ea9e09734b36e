import { collectDefaultMetrics, Registry } from 'prom-client';
import { createTally } from '../../telemetry/tally.ts';
import type { FleetFigures } from '../../http/fleet-figures.ts';
import type { Metrics } from '../../http/metrics.ts';
import { VERSION } from '../../version.ts';
import { toExchangeFamilies } from './exchange-families.ts';
import { FamilyMetric, type Family } from './family.ts';
import { toFleetFamilies } from './fleet-families.ts';
import { countProbes } from './probe-families.ts';

/**
 * Creates the metrics of this process. They include its memory, CPU and event loop, as far as the runtime reports them.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const tally = createTally();
  const probes = countProbes();
  let fleet: FleetFigures = { providers: [], favorites: null };
  const families = [
    BUILD,
    ...toExchangeFamilies(tally),
    ...probes.families,
    ...toFleetFamilies(() => fleet),
  ];
  for (const family of families) registry.registerMetric(new FamilyMetric(family));
  return {
    began: tally.began,
    ended: tally.ended,
    probed: probes.probed,
    async render(figures) {
      fleet = figures;
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
  };
}

const BUILD: Family = {
  name: 'paddock_build_info',
  type: 'gauge',
  help: 'Which Paddock this is, and what runs it.',
  read: () => {
    const { bun, node } = process.versions;
    const runtime = bun === undefined ? 'node' : 'bun';
    return [{ labels: { version: VERSION, runtime, runtime_version: bun ?? node }, value: 1 }];
  },
};
