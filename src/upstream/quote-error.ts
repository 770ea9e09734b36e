/** Quotes the upstream's error message for logs as `: message`; an empty string if the upstream sent none. */
export function quoteError(status: number, body: string): string {
  const isRedirect = status >= 300 && status < 400;
  // One line that cannot control a terminal. The log cuts it off after it removes secrets.
  const line = readWords(body)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const words = isRedirect ? 'a redirect, which is not followed' : line;
  return words === '' ? '' : `: ${words}`;
}

/** Since v250 of llama-swap, `error` is an object; before, it was a string; older releases send plain text. */
function readWords(body: string): string {
  let error: unknown;
  try {
    error = (JSON.parse(body) as { error?: unknown } | null)?.error;
  } catch {
    // HTML pages and incomplete JSON are of no use in a log.
    return /^\s*[<{]/u.test(body) ? '' : body;
  }
  if (typeof error === 'string') return error;
  const { message } = Object(error) as { message?: unknown };
  return typeof message === 'string' ? message : '';
}
