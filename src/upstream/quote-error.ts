/** The upstream's own words for an error, for logs: `: words`, or nothing where it sent none. */
export function quoteError(status: number, body: string): string {
  const isRedirect = status >= 300 && status < 400;
  const words = isRedirect ? 'a redirect, which is not followed' : toLine(readWords(body));
  return words === '' ? '' : `: ${words}`;
}

/** `error` is an object since v250 of llama-swap, was a string before, and plain text is older still. */
function readWords(body: string): string {
  let error: unknown;
  try {
    error = (JSON.parse(body) as { error?: unknown } | null)?.error;
  } catch {
    // A page is not meant for a log, and neither is half a JSON.
    return /^\s*[<{]/u.test(body) ? '' : body;
  }
  if (typeof error === 'string') return error;
  const { message } = Object(error) as { message?: unknown };
  return typeof message === 'string' ? message : '';
}

/** One line, without what would move a terminal's cursor or color it. It is cut by the log, after secrets are out. */
function toLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
