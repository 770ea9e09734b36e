/** What moves a terminal's cursor, colours it, breaks its lines or turns them around. */
const UNSEEN = /[\p{Cc}\u{61c}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2066}-\u{2069}]/gu;
/** The same without line breaks, to look for alone. */
const UNSEEN_IN_JSON = /[^\P{Cc}\n]|[\u{61c}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2066}-\u{2069}]/u;

/** One line of what somebody else has written, without what would do more to a terminal than show it. */
export function toPlain(text: string): string {
  return text.replace(UNSEEN, '\u{fffd}');
}

/** The same of several lines. */
export function toPlainLines(text: string): string {
  return text.split('\n').map(toPlain).join('\n');
}

/** JSON of the same meaning with those characters escaped, for a terminal may show it too. */
export function toPlainJson(value: unknown, indent = 0): string {
  const json = JSON.stringify(value, null, indent);
  // Hardly ever is there any, and to look is cheaper.
  if (!UNSEEN_IN_JSON.test(json)) return json;
  // A line break is layout here, for those of texts are escaped already.
  return json.replace(UNSEEN, (found) =>
    found === '\n' ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
