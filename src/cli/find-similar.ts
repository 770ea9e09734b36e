import { toEditDistance } from './edit-distance.ts';

/** Returns the candidate that a mistyped text probably means, or null. */
export function findSimilar(text: string, candidates: readonly string[]): string | null {
  const wanted = text.toLowerCase();
  const ranked = candidates
    .map((name) => ({ name, distance: measure(wanted, name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  const [best] = ranked;
  // A text of which nothing is left is not mistyped.
  const most = Math.min(Math.max(2, wanted.length / 3), wanted.length - 1);
  return best !== undefined && best.distance <= most ? best.name : null;
}

/** Returns the message for a name that is none of the known ones. It lists them, or says in `listing` what does. */
export function toUnknownMessage(
  name: string,
  { word, known, listing }: { word: string; known: readonly string[]; listing?: string },
): string {
  const similar = findSimilar(name, known);
  const guess = similar === null ? '' : ` Did you mean ${similar}?`;
  return `No ${word} is called "${name}".${guess} ${listing ?? `The ${word}s are ${known.join(', ')}.`}`;
}

/** The edit distance; 1 if one text begins or ends with the other. */
function measure(one: string, other: string): number {
  const isPart = (short: string, long: string) => long.startsWith(short) || long.endsWith(short);
  const isShort = one !== other && one.length > 2 && (isPart(one, other) || isPart(other, one));
  return isShort ? 1 : toEditDistance(one, other);
}
