import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A script of the built console. */
export interface BuiltScript {
  /** The path on the gateway. */
  readonly path: string;
  /** The size with gzip, in bytes. */
  readonly bytes: number;
  /** Whether it contains only libraries, which load with the first chart or answer. */
  readonly isLate: boolean;
}

/** The chunks of uPlot, and of the Markdown renderer. */
const LATE = /^(?:latency-chart|render-block)-/u;

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
