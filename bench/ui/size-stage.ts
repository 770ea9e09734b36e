import { join } from 'node:path';
import { toGoal, type Goal } from '../goal.ts';
import { toTable } from '../table.ts';
import { readConsoleScripts, readPickerBytes } from './built-scripts.ts';

/** How much JavaScript is sent under gzip, in bytes. */
export interface SizeFigures {
  readonly firstView: number;
  /** All of the console's but what is loaded with a first chart or answer. */
  readonly views: number;
  readonly late: number;
  readonly picker: number;
}

const MOST_CONSOLE_KB = 64;
const MOST_PICKER_KB = 20;

/** Adds the files' sizes up. */
export function readSizes(
  dist: string,
  { firstScripts }: { firstScripts: readonly string[] },
): SizeFigures {
  const assets = join(dist, 'assets');
  const scripts = readConsoleScripts(assets);
  const sum = (those: typeof scripts) => those.reduce((total, { bytes }) => total + bytes, 0);
  return {
    firstView: sum(scripts.filter(({ path }) => firstScripts.includes(path))),
    views: sum(scripts.filter(({ isLate }) => !isLate)),
    late: sum(scripts.filter(({ isLate }) => isLate)),
    picker: readPickerBytes(assets),
  };
}

/** The sizes as a table. */
export function describeSizes({ firstView, views, late, picker }: SizeFigures): string {
  const rows = [
    ['console, first view', firstView],
    ['console, all views', views],
    ['console, for a first chart or answer', late],
    ['picker.js', picker],
  ] as const;
  return toTable(
    ['JavaScript under gzip', 'kB'],
    rows.map(([name, bytes]) => [name, (bytes / 1000).toFixed(1)]),
  );
}

/** What the figures should be. */
export function toSizeGoals({ views, picker }: SizeFigures): Goal[] {
  return [
    toGoal('console: all views, kB', { figure: views / 1000, atMost: MOST_CONSOLE_KB }),
    toGoal('picker.js: kB', { figure: picker / 1000, atMost: MOST_PICKER_KB }),
  ];
}
