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

/** Formats rows in columns, without borders. The head is left out if it has no cells or no row with columns follows. */
export function toTable(head: readonly string[], rows: readonly Row[]): string {
  const inColumns = rows.filter((row) => typeof row !== 'string');
  const hasHead = head.length > 0 && inColumns.length > 0;
  const table = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  table.push(...(hasHead ? [head, ...inColumns] : inColumns).map((row) => [...row]));
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
