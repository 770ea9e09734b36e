/** A word of a POSIX shell's command line that means the text, whatever is in it. */
export function toShellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/u.test(text)) return text;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A string of Python's, which reads all that JSON writes. */
export function toPythonString(text: string): string {
  return JSON.stringify(text);
}

/** A string of TypeScript's. */
export function toTypeScriptString(text: string): string {
  // What JSON writes, but in the quotation marks that are usual there.
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"');
  return `'${inner.replaceAll("'", String.raw`\'`)}'`;
}

/** An attribute's value of HTML's, with its quotation marks. */
export function toAttribute(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `"${escaped}"`;
}
