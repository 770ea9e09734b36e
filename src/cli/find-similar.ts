/** Returns the candidate that a mistyped text probably means, or null. */
export function findSimilar(text: string, candidates: readonly string[]): string | null {
  const wanted = text.toLowerCase();
  const ranked = candidates
    .map((name) => ({ name, distance: measure(wanted, name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(2, wanted.length / 3) ? best.name : null;
}

/** The number of characters to add, remove or replace; 1 if one text begins or ends with the other. */
function measure(one: string, other: string): number {
  const isPart = (short: string, long: string) => long.startsWith(short) || long.endsWith(short);
  if (one !== other && one.length > 2 && (isPart(one, other) || isPart(other, one))) return 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (let at = 0; at < other.length; at += 1) {
      const replaced = (row[at] ?? 0) + (other[at] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
