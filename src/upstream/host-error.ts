/** What kind of failure an answer is. */
export type HostErrorCategory =
  | 'bad-request'
  | 'auth'
  | 'not-found'
  | 'rate-limited'
  | 'overloaded'
  | 'server'
  | 'invalid-answer';

/** An answer that is not the one that was asked for. */
export interface HostAnswer {
  readonly method: string;
  /** Below the provider's base URL, as it was sent. */
  readonly path: string;
  readonly status: number;
  /** The `Retry-After` header. */
  readonly retryAfter: string | null;
  /** As much of it as was read. */
  readonly body: string;
  /** What is wrong with it, where its status does not say so. */
  readonly fault?: string;
  /** What is shown nowhere, even where the host repeats it: the provider's token and address. */
  readonly secrets: readonly string[];
}

/** The longest text of a host's own that a message quotes, in characters. */
const MAX_WORDS = 300;

const CATEGORIES: Readonly<Record<number, HostErrorCategory>> = {
  401: 'auth',
  403: 'auth',
  404: 'not-found',
  410: 'not-found',
  429: 'rate-limited',
  503: 'overloaded',
  // Anthropic's and Cloudflare's word for it.
  529: 'overloaded',
};

const RETRYABLE: ReadonlySet<HostErrorCategory> = new Set(['rate-limited', 'overloaded', 'server']);

/** A host answered, but not with what was asked of it. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly status: number;
  /** The host's own code for it, or null. */
  readonly code: string | null;
  /** What the host sent, up to a bound, without the provider's token and address. */
  readonly body: string;
  readonly category: HostErrorCategory;
  /** Whether the same request can succeed later. */
  readonly retryable: boolean;
  /** How long the host asks to be left alone, in milliseconds, or null. */
  readonly retryAfterMs: number | null;

  constructor(answer: HostAnswer) {
    const { method, path, status, secrets } = answer;
    const { words, code } = readError(answer.body);
    const detail = answer.fault ?? (isRedirect(status) ? REDIRECT : toLine(hide(words, secrets)));
    super(`${method} ${path}: HTTP ${status}${detail === '' ? '' : `: ${detail}`}`);
    this.status = status;
    this.code = code === null ? null : hide(code, secrets);
    this.body = hide(answer.body, secrets);
    this.category = toCategory(status);
    this.retryable = RETRYABLE.has(this.category) && !isUnsupported(status);
    this.retryAfterMs = readRetryAfter(answer.retryAfter);
  }
}

/** What kind of failure a status is; one that is no failure belongs to an answer that is wrong in itself. */
function toCategory(status: number): HostErrorCategory {
  const category = CATEGORIES[status];
  if (category !== undefined) return category;
  if (status >= 500) return 'server';
  return status >= 400 ? 'bad-request' : 'invalid-answer';
}

const REDIRECT = 'a redirect, which is not followed';

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** A method or a version of HTTP that the server lacks: it will lack it tomorrow. */
function isUnsupported(status: number): boolean {
  return status === 501 || status === 505;
}

/** A number of seconds; the header's other form, a date, no llama-swap sends. */
function readRetryAfter(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/u.test(header) ? Number(header) * 1000 : null;
}

/** A host's own words and code: `error` is an object since v250, a string before, and plain text is older still. */
function readError(body: string): { words: string; code: string | null } {
  const error = parseError(body);
  if (typeof error === 'string') return { words: error, code: null };
  const { message, code } = Object(error) as { message?: unknown; code?: unknown };
  return {
    words: typeof message === 'string' ? message : '',
    code: typeof code === 'string' ? code : null,
  };
}

function parseError(body: string): unknown {
  try {
    return (JSON.parse(body) as { error?: unknown } | null)?.error;
  } catch {
    // A page is not meant for messages, and neither is half a JSON.
    return /^\s*[<{]/u.test(body) ? '' : body;
  }
}

/** One line, without what would move a terminal's cursor or colour it. */
function toLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, MAX_WORDS);
}

function hide(text: string, secrets: readonly string[]): string {
  // In JSON a quotation mark, for one, is written otherwise.
  const written = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return written.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}
