import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A script of the built console. */
export interface BuiltScript {
  /** The path on the gateway. */
  readonly path: string;
  /** The size with gzip, in bytes. */
  readonly bytes: number;
  /** Whether it loads only with the first chart, the first answer, or the settings of client programs. */
  readonly isLate: boolean;
}

/** The chunks of uPlot, of the Markdown renderer, and of the texts for client programs. */
const LATE = /^(?:connect-view|latency-chart|render-block)-/u;

/** Lists the scripts of the built console in the build's assets folder. */
export function readConsoleScripts(assets: string): BuiltScript[] {
  return readdirSync(join(assets, 'console'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({
      path: `/console/${name}`,
      bytes: statSync(join(assets, 'console', `${name}.gz`)).size,
      isLate: LATE.test(name),
    }));
}

/** Returns the size of the picker's module with gzip, in bytes. */
export function readPickerBytes(assets: string): number {
  return statSync(join(assets, 'picker.js.gz')).size;
}
