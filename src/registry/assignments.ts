/** One `name=value` of a setting. */
export interface Assignment {
  /** The number of the entry, from 1. */
  readonly position: number;
  /** Empty without `=`: a word without a name may be a bare DSN with a token, so no part of it is used as a name. */
  readonly name: string;
  readonly value: string;
}

/** Splits `name=value` entries separated by white space. */
export function splitAssignments(text: string): readonly Assignment[] {
  const words = text.split(/\s+/u).filter((word) => word !== '');
  return words.map((word, index) => {
    const equals = word.indexOf('=');
    const name = word.slice(0, Math.max(equals, 0));
    return { position: index + 1, name, value: word.slice(equals + 1) };
  });
}
