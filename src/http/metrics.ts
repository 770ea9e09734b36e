import type { ProbeResult } from '../catalog/probe.ts';
import type { Observer } from '../telemetry/exchange.ts';
import type { FleetFigures } from './fleet-figures.ts';

/** The metrics for Prometheus: an observer of exchanges that also counts probes and renders the result. */
export interface Metrics extends Observer {
  /** Counts a probe that ended after this many milliseconds. */
  probed(probe: {
    readonly provider: string;
    readonly result: ProbeResult['status'];
    readonly milliseconds: number;
  }): void;
  /** Renders all metrics in Prometheus' text format, including the given figures of the providers. */
  render(fleet: FleetFigures): Promise<{ readonly text: string; readonly contentType: string }>;
}
