import type { ProbeResult } from '../catalog/probe.ts';
import type { Observer } from '../telemetry/exchange.ts';
import type { HerdFigures } from './herd-figures.ts';

/** Counts for Prometheus: an observer of exchanges that is told of probes too, and writes down what it knows. */
export interface Metrics extends Observer {
  /** A probe has ended after so many milliseconds. */
  probed(probe: {
    readonly provider: string;
    readonly result: ProbeResult['status'];
    readonly milliseconds: number;
  }): void;
  /** All of it in Prometheus' text format, with the herd as it is given. */
  render(herd: HerdFigures): Promise<{ readonly text: string; readonly contentType: string }>;
}
