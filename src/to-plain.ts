/** Characters that move a terminal's cursor, change its colours, break its lines or reverse their direction. */
const CONTROLS = /[\p{Cc}\u{61c}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2066}-\u{2069}]/gu;
/** The same characters without the line break. Used only to test a text. */
const CONTROLS_IN_JSON = /[^\P{Cc}\n]|[\u{61c}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2066}-\u{2069}]/u;

/** Returns external text as one line, without characters that would control a terminal. */
export function toPlain(text: string): string {
  return text.replace(CONTROLS, '\u{fffd}');
}

/** Like `toPlain`, for several lines. */
export function toPlainLines(text: string): string {
  return text.split('\n').map(toPlain).join('\n');
}

/** Returns the value as JSON with those characters escaped, because a terminal may show it. */
export function toPlainJson(value: unknown, indent = 0): string {
  const json = JSON.stringify(value, null, indent);
  // These characters are rare, and testing is cheaper than replacing.
  if (!CONTROLS_IN_JSON.test(json)) return json;
  // A line break is layout here: JSON has already escaped those of texts.
  return json.replace(CONTROLS, (found) =>
    found === '\n' ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
