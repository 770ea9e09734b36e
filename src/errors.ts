// Paddock's own errors: one class, one table, an envelope for each API. http/render-error.ts turns them into answers.

/**
 * Every error by its code: the HTTP status, a message, and the `type` in Anthropic's shape if it does not follow from the
 * status. If Paddock fills in names and numbers, the message is an example. The OpenAPI document shows the message.
 */
const ERRORS = {
  invalid_request: [400, 'The body is not a JSON object: send a JSON object.'],
  invalid_model_id: [400, 'The model ID is longer than 512 characters.'],
  model_required: [
    400,
    'The request names no model, and no DEFAULT_MODEL is set: send "model": "provider/model".',
  ],
  unauthorized: [
    401,
    'An API key is required: send one of API_KEYS as authorization: Bearer KEY, or as x-api-key: KEY.',
  ],
  forbidden_host: [
    403,
    'Host "paddock.example" is not allowed. Add it to ALLOWED_HOSTS, or set API_KEYS.',
  ],
  forbidden_key: [403, 'This key is valid for /metrics only: send one of API_KEYS or ADMIN_KEYS.'],
  forbidden_origin: [403, 'Origin "https://chat.example" is not allowed. Add it to CORS_ORIGINS.'],
  not_found: [
    404,
    'sam-desktop does not list "nothing". GET /v1/models lists the available models.',
  ],
  unknown_provider: [404, 'No provider has this name. GET /api/providers lists the providers.'],
  method_not_allowed: [405, '/api/models does not accept POST. Allowed methods: GET, HEAD.'],
  request_timeout: [408, 'The body took too long to arrive: send it faster, or send less.'],
  conflict: [409, 'The limit of 1000 favorites is reached: remove one first.'],
  unsupported_by_provider: [
    409,
    'deepseek is of kind deepseek, which cannot report, load or unload models.',
  ],
  body_too_large: [
    413,
    'The body is larger than 67108864 bytes: send less, or raise MAX_BODY_BYTES.',
  ],
  uri_too_long: [414, 'The URL is longer than 8192 bytes: send long values in a body.'],
  rate_limit_exceeded: [
    429,
    'Rate limit reached (600 requests per minute). Retry in 20 s, or raise RATE_LIMIT.',
  ],
  headers_too_large: [
    431,
    'The URL and the headers are larger than 40960 bytes together: send fewer or shorter headers.',
  ],
  internal_error: [500, 'Paddock failed with an internal error. See its log for the cause.'],
  unsupported_by_runtime: [
    501,
    'WebSockets are not supported on Workers: run Paddock on Node or Bun for them.',
  ],
  invalid_response: [
    502,
    'sam-desktop rejected the key of Paddock (HTTP 401): correct the key in PROVIDERS.',
  ],
  provider_unreachable: [
    502,
    'sam-desktop refused the connection: check that its server is running, and its address in PROVIDERS. The request was not retried.',
  ],
  no_providers: [
    503,
    'No provider is set up. Set PROVIDERS, for example PROVIDERS="desktop=llama-swap://desktop:8080", and start Paddock again.',
  ],
  database_unavailable: [
    503,
    'The favorites database does not answer. Check LIBSQL_URL and LIBSQL_AUTH_TOKEN, that its migrations were applied, and that no other program locks it. Everything except favorites still works.',
  ],
  overloaded: [
    503,
    'The bodies of other requests use all of BODY_MEMORY_BYTES. Retry later, or raise BODY_MEMORY_BYTES.',
    'overloaded_error',
  ],
  shutting_down: [
    503,
    'Paddock is shutting down and accepts no new requests: retry later.',
    'overloaded_error',
  ],
  provider_timeout: [
    504,
    'sam-desktop did not answer within 2000 ms. It may be asleep or still working: check GET /api/providers.',
  ],
  upstream_timeout: [
    504,
    'sam-desktop did not begin to answer within 600000 ms. Its model may still be loading: retry later, or raise FIRST_BYTE_TIMEOUT_MS.',
  ],
} as const;

/** A code of Paddock's own errors. */
export type ErrorCode = keyof typeof ERRORS;

/** Every error code. */
export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];

/** An HTTP status of Paddock's own errors. */
export type ErrorStatus = (typeof ERRORS)[ErrorCode][0];

/** Returns the message of a code in the table. */
export function messageOf(code: ErrorCode): string {
  return ERRORS[code][1];
}

/** Source: OpenAI, "Error codes" guide. */
function toOpenAiType(status: ErrorStatus): string {
  if (status >= 500) return 'server_error';
  return status === 429 ? 'rate_limit_error' : 'invalid_request_error';
}

/** Source: Anthropic API, "Errors" page. */
const ANTHROPIC_TYPES: Partial<Record<ErrorStatus, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
};

function toAnthropicType(code: ErrorCode): string {
  const [status, , type]: readonly [ErrorStatus, string, string?] = ERRORS[code];
  const usual = status >= 500 ? 'api_error' : 'invalid_request_error';
  return type ?? ANTHROPIC_TYPES[status] ?? usual;
}

/** Escapes line breaks and control characters as in JSON, so that a message stays one line whatever it quotes. */
export function toOneLine(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\u2028\u2029]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

interface PaddockErrorOptions {
  /** The parameter or field of the request that caused the error. */
  readonly param?: string;
  /** The cause, for logs only. */
  readonly cause?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Extra fields of the answer, next to `error`. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** An error with a code of the table and a one-line message for the client. */
export class PaddockError extends Error {
  override readonly name = 'PaddockError';
  readonly code: ErrorCode;
  readonly param: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: PaddockErrorOptions = {}) {
    super(toOneLine(message), { cause: options.cause });
    this.code = code;
    this.param = options.param ?? null;
    this.headers = options.headers ?? {};
    this.fields = options.fields ?? {};
  }

  get status(): ErrorStatus {
    return ERRORS[this.code][0];
  }
}

const EXHAUSTED_MESSAGE =
  'Paddock has no free file descriptors and cannot open connections or files: retry later, or raise the limit (LimitNOFILE in systemd, ulimit -n).';

const EXHAUSTION_CODES: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE']);
/** libSQL gives a message and no code. */
const EXHAUSTION_MESSAGE = /too many open files/iu;
const MAX_CAUSES = 5;

/** Whether an error or one of its causes means that the process has no file descriptors left. */
export function isExhaustion(failure: unknown): boolean {
  return toChain(failure).some(
    (at) =>
      at instanceof Error &&
      (('code' in at && EXHAUSTION_CODES.has(at.code)) || EXHAUSTION_MESSAGE.test(at.message)),
  );
}

/** Returns a failure and its causes. */
export function toChain(failure: unknown): unknown[] {
  const chain = [];
  for (let at = failure; at !== undefined && at !== null && chain.length < MAX_CAUSES;) {
    chain.push(at);
    at = at instanceof Error ? at.cause : undefined;
  }
  return chain;
}

/** Returns the error for a process that has no file descriptors left. */
export function toExhaustedError(cause: unknown): PaddockError {
  return new PaddockError('overloaded', EXHAUSTED_MESSAGE, {
    cause,
    headers: { 'retry-after': '1' },
  });
}

/** Converts any failure to the error for the client. The details of an unexpected failure go only to the log. */
export function toPaddockError(failure: unknown): PaddockError {
  if (failure instanceof PaddockError) return failure;
  if (isExhaustion(failure)) return toExhaustedError(failure);
  return new PaddockError('internal_error', messageOf('internal_error'), { cause: failure });
}

/** Returns the error in the shape of every route except Anthropic's. */
export function toOpenAiError(error: PaddockError) {
  const { code, status, message, param } = error;
  const type = toOpenAiType(status);
  return { ...error.fields, src: 'paddock', error: { message, type, param, code } } as const;
}

/** Whether a path belongs to Anthropic's API: `/v1/messages` and everything below it. */
export function isAnthropicPath(path: string): boolean {
  return /^\/v1\/messages(?:\/|$)/u.test(path);
}

/** Returns the error in the shape of `/v1/messages*`. */
export function toAnthropicError(error: PaddockError) {
  const type = toAnthropicType(error.code);
  return { type: 'error', src: 'paddock', error: { type, message: error.message } } as const;
}

/**
 * Whether a path belongs to Ollama's API, also behind a base URL that ends in `/v1`. Some of its routes are not served,
 * but their clients expect its errors.
 */
export function isOllamaPath(path: string): boolean {
  return OLLAMA_PATH.test(path);
}

const OLLAMA_PATH =
  /^(?:\/v1)?\/api\/(?:tags|ps|show|chat|generate|embed|embeddings|pull|push|create|copy|delete|blobs\/.*)$/u;

/** Returns the error in the shape of Ollama's API. */
export function toOllamaError(error: PaddockError) {
  return { error: error.message };
}
