// Header values are read as Go's `mime.ParseMediaType` reads them, for llama-swap is written in Go: what it takes
// for a form's boundary or for a part's name must be the same here.
const TOKEN = "[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+";
const PARAMETER = new RegExp(
  String.raw`\s*;\s*(${TOKEN})\s*=\s*(?:"((?:[^"\\\r\n]|\\.)*)"|(${TOKEN}))`,
  'gy',
);
// A backslash before anything else stands for itself: old browsers sent whole paths as a filename.
const ESCAPED = /\\([()<>@,;:\\"/[\]?=])/gu;

/** The boundary that a content type names, or null where it is not multipart/form-data or names none. */
export function readBoundary(contentType: string): string | null {
  const boundary = readParameters(contentType, 'multipart/form-data')?.get('boundary') ?? '';
  // RFC 2046, section 5.1.1: at most 70 characters, and no space at its end.
  return /^[\u0020-\u007e]{0,69}[\u0021-\u007e]$/u.test(boundary) ? boundary : null;
}

/** Whether a line may stand among a part's headers: a header, or the rest of the one before it. */
export function isHeaderLine(line: string, before: readonly string[]): boolean {
  return /^[^ \t:][^:]*:/u.test(line) || (before.length > 0 && /^[ \t]/u.test(line));
}

/** The name of the form's field that a part with these header lines is, or null for files and whatever else. */
export function readFieldName(lines: readonly string[]): string | null {
  const text = lines.join('\n').replaceAll(/\n[ \t]+/gu, ' ');
  const disposition = /(?:^|\n)content-disposition:([^\n]*)/iu.exec(text);
  const parameters = readParameters(disposition?.[1] ?? '', 'form-data');
  if (parameters === null) return null;
  // An empty filename is none, as in Go; an encoded one is spread over `filename*` or `filename*0` and so on.
  const isFile = [...parameters].some(([name, value]) => /^filename(?:\*|$)/u.test(name) && value);
  return isFile ? null : (parameters.get('name') ?? null);
}

/** The parameters of a header's value, by lower-case name; null where the value is another one or is malformed. */
function readParameters(text: string, value: string): Map<string, string> | null {
  const start = text.indexOf(';');
  if (start === -1 || text.slice(0, start).trim().toLowerCase() !== value) return null;
  const parameters = new Map<string, string>();
  let end = start;
  for (const [whole, name = '', quoted, token = ''] of text.slice(start).matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    const meant = quoted?.replace(ESCAPED, '$1') ?? token;
    if ((parameters.get(key) ?? meant) !== meant) return null;
    parameters.set(key, meant);
    end += whole.length;
  }
  const rest = text.slice(end).trim();
  return rest === '' || rest === ';' ? parameters : null;
}
