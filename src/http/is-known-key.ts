/**
 * Whether a key is one of those that are known. It takes as long for a key that is nearly right as for any other: every
 * character of every known key is looked at, whatever was found before.
 */
export function isKnownKey(given: string, known: readonly string[]): boolean {
  let matches = 0;
  for (const key of known) {
    let difference = key.length ^ given.length;
    // Beyond the end of the given one there is NaN, which counts as 0.
    for (let at = 0; at < key.length; at += 1)
      difference |= key.charCodeAt(at) ^ given.charCodeAt(at);
    matches += Number(difference === 0);
  }
  return matches > 0;
}
