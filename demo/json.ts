/** A JSON object. */
export type Json = Record<string, unknown>;

/** Parses a JSON object; `undefined` for anything else. */
export function parseObject(text: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}

/** Returns a copy of an object; an empty object for anything else. */
export function toObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Returns an array as a list of objects; an empty list for anything else. */
export function toObjects(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(toObject) : [];
}

/** Returns the texts of a message: one string, or the text of each part that has text. */
export function toTexts(content: unknown): string[] {
  const texts =
    typeof content === 'string' ? [content] : toObjects(content).map((part) => part['text']);
  return texts.filter((text) => typeof text === 'string').filter((text) => text.trim() !== '');
}
