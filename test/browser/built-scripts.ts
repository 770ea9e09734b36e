import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A script of the console as it is sent. */
export interface BuiltScript {
  /** Its path on the gateway. */
  readonly path: string;
  /** Its size under gzip, in bytes. */
  readonly bytes: number;
  /** Whether it holds a library that is loaded when a chart or an answer is first shown, and nothing of Paddock's views. */
  readonly isLate: boolean;
}

/** The chunks that hold uPlot, and all that is needed for Markdown. */
const LATE = /^(?:latency-chart|render-block)-/u;

/** The scripts of the built console, from the build's folder of assets. */
export function readConsoleScripts(assets: string): BuiltScript[] {
  return readdirSync(join(assets, 'console'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({
      path: `/console/${name}`,
      bytes: statSync(join(assets, 'console', `${name}.gz`)).size,
      isLate: LATE.test(name),
    }));
}

/** The size of the picker's module under gzip, in bytes. */
export function readPickerBytes(assets: string): number {
  return statSync(join(assets, 'picker.js.gz')).size;
}
