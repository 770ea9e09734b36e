/** The object of a JSON body. */
export type Json = Record<string, unknown>;

/** Reads a JSON object; `undefined` for anything else. */
export function parseObject(text: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}

/** A value as an object; an empty one for anything else. */
export function toObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A value as a list of objects; an empty one for anything but an array. */
export function toObjects(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(toObject) : [];
}

/** The text of a message: a string, or the texts of its parts. */
export function toText(content: unknown): string {
  if (typeof content === 'string') return content;
  return toObjects(content)
    .map((part) => (typeof part['text'] === 'string' ? part['text'] : ''))
    .join(' ');
}
