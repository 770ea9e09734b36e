import Table from 'cli-table3';

/** A row: a cell for each column, or one text across all of them. */
export type Row = readonly string[] | string;

const GAP = '  ';
const NO_LINES = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '' },
  middle: GAP,
};

/** Sets rows in columns, without lines around them. */
export function toTable(head: readonly string[], rows: readonly Row[]): string {
  const table = new Table({
    head: [...head],
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  for (const row of rows) {
    table.push(
      typeof row === 'string' ? [{ content: row, colSpan: Math.max(head.length, 1) }] : [...row],
    );
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** What somebody else has written, without what would move a terminal's cursor, colour it or turn its lines around. */
export function toPlain(text: string): string {
  return text.replace(/[\p{Cc}\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu, '\u{fffd}');
}
