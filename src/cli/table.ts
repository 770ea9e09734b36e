import Table from 'cli-table3';

/** A row: a cell for each column, or one text across all of them. Neither breaks a line. */
export type Row = readonly string[] | string;

const GAP = '  ';
const LINES = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) => [
  side,
  `${side}-mid`,
  `${side}-left`,
  `${side}-right`,
]);
const NO_LINES = { ...Object.fromEntries(LINES.map((line) => [line, ''])), middle: GAP };

/** Sets rows in columns, without lines around them; a head of no cells is none, as one without anything below it. */
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
  // A text across the columns is put in between here, for the table would widen the columns to hold it.
  return [...first, ...rows.map((row) => (typeof row === 'string' ? row : lines.shift()))].join(
    '\n',
  );
}
