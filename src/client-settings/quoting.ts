/** Quotes a text as one word of a POSIX shell command. */
export function toShellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/u.test(text)) return text;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Quotes a text as a Python string. Every JSON string is a valid Python string. */
export function toPythonString(text: string): string {
  return JSON.stringify(text);
}

/** Quotes a text as a TypeScript string. */
export function toTypeScriptString(text: string): string {
  // The JSON string with single quotation marks, the usual ones in TypeScript.
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"');
  return `'${inner.replaceAll("'", String.raw`\'`)}'`;
}

/** Quotes a text as the value of an HTML attribute, including the quotation marks. */
export function toAttribute(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `"${escaped}"`;
}
