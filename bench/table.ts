/** Puts rows under a head, each column as wide as it must be; all but the first are set to the right. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const toLine = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  return [
    toLine(head),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map(toLine),
  ].join('\n');
}
