/** No more names of one field are kept than this, and none that is longer: nobody could ask for it. */
const MOST_NAMES = 64;
const LONGEST_NAME = 512;

/** The names that a provider lists in a field, or none where the field is something else. */
export function readNames(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  const names = value.filter((name): name is string => typeof name === 'string' && isShort(name));
  return names.slice(0, MOST_NAMES);
}

/** The names that are `true` in a field of booleans. */
export function readFlags(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const flags = Object.entries(value).filter(([name, flag]) => flag === true && isShort(name));
  return flags.slice(0, MOST_NAMES).map(([name]) => name);
}

/**
 * A text that is cut to a number of characters. What is left is a string of its own: engines keep the whole of a string for
 * as long as a part of it is in use.
 */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return JSON.parse(JSON.stringify(`${text.slice(0, longest - 1).toWellFormed()}…`)) as string;
}

function isShort(name: string): boolean {
  return name.length > 0 && name.length <= LONGEST_NAME;
}
