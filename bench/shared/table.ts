/** Formats rows under a head as text. The first column is aligned left, the others right. */
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
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [toLine(head), rule, ...rows.map(toLine)].join('\n');
}

/** A figure with some decimals; `?` where there is none. */
export function toFixed(figure: number | null | undefined, decimals: number): string {
  return figure == null || Number.isNaN(figure) ? '?' : figure.toFixed(decimals);
}

/** Bytes as mebibytes; NaN where there are none. */
export function toMebibytes(bytes: number | null | undefined): number {
  return (bytes ?? Number.NaN) / 2 ** 20;
}
