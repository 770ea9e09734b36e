// Header values are parsed like Go's `mime.ParseMediaType` does, because llama-swap is written in Go: both must find the
// same boundary and the same names of parts.
const TOKEN = "[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+";
const PARAMETER = new RegExp(
  String.raw`\s*;\s*(${TOKEN})\s*=\s*(?:"((?:[^"\\\r\n]|\\.)*)"|(${TOKEN}))`,
  'gy',
);
// A backslash before any other character is literal: old browsers sent whole paths as a filename.
const ESCAPED = /\\([()<>@,;:\\"/[\]?=])/gu;

/** Returns the boundary of a content type, or null if it is not multipart/form-data or has no valid boundary. */
export function readBoundary(contentType: string): string | null {
  const boundary = readParameters(contentType, 'multipart/form-data')?.get('boundary') ?? '';
  // RFC 2046, section 5.1.1: at most 70 characters, without a space at the end.
  return /^[\u0020-\u007e]{0,69}[\u0021-\u007e]$/u.test(boundary) ? boundary : null;
}

/** Whether a line is valid among a part's headers: a header, or the continuation of the header before it. */
export function isHeaderLine(line: string, before: readonly string[]): boolean {
  return /^[^ \t:][^:]*:/u.test(line) || (before.length > 0 && /^[ \t]/u.test(line));
}

/** Returns the name of the form field that a part with these header lines holds, or null for files and other parts. */
export function readFieldName(lines: readonly string[]): string | null {
  const text = lines.join('\n').replaceAll(/\n[ \t]+/gu, ' ');
  const disposition = /(?:^|\n)content-disposition:([^\n]*)/iu.exec(text);
  const parameters = readParameters(disposition?.[1] ?? '', 'form-data');
  if (parameters === null) return null;
  // An empty filename counts as none, as in Go. An encoded one is in `filename*`, or in `filename*0` and so on.
  const isFile = [...parameters].some(([name, value]) => /^filename(?:\*|$)/u.test(name) && value);
  return isFile ? null : (parameters.get('name') ?? null);
}

/** Returns the parameters of a header's value by lower-case name; null if the value is not `value` or is malformed. */
function readParameters(text: string, value: string): Map<string, string> | null {
  const start = text.indexOf(';');
  if (start === -1 || text.slice(0, start).trim().toLowerCase() !== value) return null;
  const parameters = new Map<string, string>();
  let end = start;
  for (const [whole, name = '', quoted, token = ''] of text.slice(start).matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    const parsed = quoted?.replace(ESCAPED, '$1') ?? token;
    if ((parameters.get(key) ?? parsed) !== parsed) return null;
    parameters.set(key, parsed);
    end += whole.length;
  }
  const rest = text.slice(end).trim();
  return rest === '' || rest === ';' ? parameters : null;
}
