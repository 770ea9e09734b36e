// Every failure Paddock itself answers for: one class, one table, two envelopes.
// Nothing here knows HTTP frameworks; http/render-error.ts is the one place that turns these into answers.

/**
 * What can go wrong, by code: the HTTP status, and the `type` in OpenAI's and in Anthropic's words.
 * Sources: OpenAI "Error codes" guide; Anthropic API "Errors" page.
 */
const ERROR_TABLE = {
  invalid_request: [400, 'invalid_request_error', 'invalid_request_error'],
  invalid_model_id: [400, 'invalid_request_error', 'invalid_request_error'],
  model_required: [400, 'invalid_request_error', 'invalid_request_error'],
  unauthorized: [401, 'invalid_request_error', 'authentication_error'],
  forbidden_host: [403, 'invalid_request_error', 'permission_error'],
  forbidden_key: [403, 'invalid_request_error', 'permission_error'],
  forbidden_origin: [403, 'invalid_request_error', 'permission_error'],
  not_found: [404, 'invalid_request_error', 'not_found_error'],
  unknown_provider: [404, 'invalid_request_error', 'not_found_error'],
  method_not_allowed: [405, 'invalid_request_error', 'invalid_request_error'],
  request_timeout: [408, 'invalid_request_error', 'invalid_request_error'],
  conflict: [409, 'invalid_request_error', 'invalid_request_error'],
  unsupported_by_provider: [409, 'invalid_request_error', 'invalid_request_error'],
  body_too_large: [413, 'invalid_request_error', 'request_too_large'],
  uri_too_long: [414, 'invalid_request_error', 'invalid_request_error'],
  rate_limit_exceeded: [429, 'rate_limit_error', 'rate_limit_error'],
  headers_too_large: [431, 'invalid_request_error', 'invalid_request_error'],
  internal_error: [500, 'server_error', 'api_error'],
  unsupported_by_runtime: [501, 'server_error', 'api_error'],
  invalid_response: [502, 'server_error', 'api_error'],
  provider_unreachable: [502, 'server_error', 'api_error'],
  no_providers: [503, 'server_error', 'api_error'],
  database_unavailable: [503, 'server_error', 'api_error'],
  overloaded: [503, 'server_error', 'overloaded_error'],
  shutting_down: [503, 'server_error', 'overloaded_error'],
  provider_timeout: [504, 'server_error', 'api_error'],
  upstream_timeout: [504, 'server_error', 'api_error'],
} as const;

/** The codes of Paddock's own errors. */
export type ErrorCode = keyof typeof ERROR_TABLE;

/** All of them. */
export const ERROR_CODES = Object.keys(ERROR_TABLE) as readonly ErrorCode[];

/** The HTTP statuses those codes are answered with. */
export type ErrorStatus = (typeof ERROR_TABLE)[ErrorCode][0];

/** All that is said of what nobody foresaw. */
export const UNFORESEEN_MESSAGE = 'Something went wrong inside Paddock. Its log says what.';

/** A text in one line, whatever it quotes: what breaks lines or moves a terminal's cursor is escaped, as in JSON. */
export function toOneLine(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\u2028\u2029]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

interface PaddockErrorOptions {
  /** The request's parameter or field that is at fault. */
  readonly param?: string;
  /** What lay underneath, for logs alone. */
  readonly cause?: unknown;
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields that stand beside `error` in the answer. */
  readonly beside?: Readonly<Record<string, unknown>>;
}

/** A failure with a code of the table and a message, in one line, fit for whoever sent the request. */
export class PaddockError extends Error {
  override readonly name = 'PaddockError';
  readonly code: ErrorCode;
  readonly param: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly beside: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: PaddockErrorOptions = {}) {
    super(toOneLine(message), { cause: options.cause });
    this.code = code;
    this.param = options.param ?? null;
    this.headers = options.headers ?? {};
    this.beside = options.beside ?? {};
  }

  /** The HTTP status of the answer. */
  get status(): ErrorStatus {
    return ERROR_TABLE[this.code][0];
  }
}

/** The message where the process can open no more files and connections. */
const EXHAUSTED_MESSAGE =
  'Paddock has no file descriptors left, so that it could open no connection or file: retry later, or raise its limit (LimitNOFILE in systemd, ulimit -n).';

const EXHAUSTION_CODES: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE']);
/** libSQL has a message alone. */
const EXHAUSTION_MESSAGE = /too many open files/iu;
const MAX_CAUSES = 5;

/** Whether a failure, or what lay underneath it, says that the process has no file descriptors left. */
export function isExhaustion(failure: unknown): boolean {
  for (let at = failure, depth = 0; at instanceof Error && depth < MAX_CAUSES; depth += 1) {
    if (('code' in at && EXHAUSTION_CODES.has(at.code)) || EXHAUSTION_MESSAGE.test(at.message))
      return true;
    at = at.cause;
  }
  return false;
}

/** The error for a process that has no file descriptors left, whoever it was about to reach. */
export function toExhaustedError(cause: unknown): PaddockError {
  return new PaddockError('overloaded', EXHAUSTED_MESSAGE, {
    cause,
    headers: { 'retry-after': '1' },
  });
}

/** What is answered for any failure: what nobody foresaw is for the log, and no more is told than that. */
export function toPaddockError(failure: unknown): PaddockError {
  if (failure instanceof PaddockError) return failure;
  if (isExhaustion(failure)) return toExhaustedError(failure);
  return new PaddockError('internal_error', UNFORESEEN_MESSAGE, { cause: failure });
}

/** The error as every route but Anthropic's answers it. */
export function toOpenAiError(error: PaddockError) {
  const { code, message, param } = error;
  const type = ERROR_TABLE[code][1];
  return { ...error.beside, src: 'paddock', error: { message, type, param, code } } as const;
}

/** Whether a path is one of Anthropic's: `/v1/messages` and what stands below it. */
export function isAnthropicPath(path: string): boolean {
  return /^\/v1\/messages(?:\/|$)/u.test(path);
}

/** The error as `/v1/messages*` answers it. */
export function toAnthropicError(error: PaddockError) {
  const type = ERROR_TABLE[error.code][2];
  return { type: 'error', src: 'paddock', error: { type, message: error.message } } as const;
}
