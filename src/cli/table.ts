import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';

/** A row: one cell for each column, or one text across all columns. Neither contains a line break. */
export type Row = readonly string[] | string;

const GAP = '  ';
const LINES = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) => [
  side,
  `${side}-mid`,
  `${side}-left`,
  `${side}-right`,
]);
const NO_LINES = { ...Object.fromEntries(LINES.map((line) => [line, ''])), middle: GAP };

/** The narrowest last column that is of use. */
const NARROWEST = 8;

/** The rows of a table. */
interface Rows {
  readonly head: readonly string[];
  readonly rows: readonly Row[];
}

/** Formats rows in columns, without borders. The head is left out if it has no cells or no row with columns follows. */
export function toTable(head: readonly string[], rows: readonly Row[]): string {
  return toFittedTable({ head, rows }, null);
}

/** Like `toTable`, with the last column cut to the width of a terminal; null is no limit. */
export function toFittedTable({ head, rows }: Rows, width: number | null): string {
  const inColumns = rows.filter((row) => typeof row !== 'string');
  const hasHead = head.length > 0 && inColumns.length > 0;
  const shown = hasHead ? [head, ...inColumns] : inColumns;
  const table = new Table({
    chars: NO_LINES,
    ...(width !== null && { colWidths: toWidths(shown, width) }),
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  table.push(...shown.map((row) => [...row]));
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const first = hasHead ? lines.splice(0, 1) : [];
  // Texts across all columns are inserted here, because the table would widen its columns to fit them.
  return [...first, ...rows.map((row) => (typeof row === 'string' ? row : lines.shift()))].join(
    '\n',
  );
}

/** Returns the widths of the columns to set: that of the last, if it is too wide. */
function toWidths(rows: readonly (readonly string[])[], width: number): (number | null)[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => stripVTControlCharacters(row[column] ?? '').length)),
  );
  const last = widths.pop() ?? 0;
  const left = width - widths.reduce((sum, one) => sum + one + GAP.length, 0);
  return left >= NARROWEST && left < last ? [...widths.map(() => null), left] : [];
}
