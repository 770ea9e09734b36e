// fleet/ is the page's client of the gateway: it fetches the catalog, follows changes, and keeps one state for all
// elements. It renders nothing.

/** The gateway to call, and its key. */
export interface Gateway {
  /** Its address without a trailing slash; empty for the page's own origin. */
  readonly src: string;
  readonly key: string | null;
}

/** A failed request. Its message tells the user what is wrong. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  /** The HTTP status; null if there was no response. */
  readonly status: number | null;
  /** The error code of the response, from Paddock or the upstream, or null. */
  readonly code: string | null;
  /** Whether the error comes from Paddock itself, not from an upstream. */
  readonly isOwn: boolean;
  /** The `Retry-After` of the response in seconds, or null. */
  readonly retryAfterS: number | null;

  constructor(
    message: string,
    at: {
      status: number | null;
      code: string | null;
      isOwn?: boolean;
      retryAfterS?: number | null;
      cause?: unknown;
    },
  ) {
    super(message, { cause: at.cause });
    this.status = at.status;
    this.code = at.code;
    this.isOwn = at.isOwn === true;
    this.retryAfterS = at.retryAfterS ?? null;
  }
}

/** Normalizes a gateway's address: strips trailing slashes and the `/v1` that addresses for OpenAI clients end with. */
export function toSrc(text: string): string {
  return text.trim().replace(/\/+$/u, '').replace(/\/v1$/u, '');
}

/**
 * Sends a request and resolves to the response once its headers have arrived.
 * @throws {GatewayError} if there is no response, or its status is neither a success nor 304
 * @throws {DOMException} `AbortError` if the caller aborted the request
 */
export async function send(
  gateway: Gateway,
  { path, ...init }: RequestInit & { readonly path: string },
): Promise<Response> {
  const headers = new Headers(init.headers);
  if (gateway.key !== null) headers.set('authorization', `Bearer ${gateway.key}`);
  let response: Response;
  try {
    response = await fetch(gateway.src + path, { cache: 'no-store', ...init, headers });
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    const message =
      'The gateway does not respond. Check that Paddock is running and allows this page.';
    throw new GatewayError(message, { status: null, code: null, cause });
  }
  if (response.ok || response.status === 304) return response;
  throw await readErrorResponse(response);
}

async function readErrorResponse(response: Response): Promise<GatewayError> {
  const { status, headers } = response;
  // A date instead of seconds parses to NaN and is ignored: no server here sends one.
  const seconds = Number.parseInt(headers.get('retry-after') ?? '', 10);
  const retryAfterS = Number.isFinite(seconds) ? seconds : null;
  return toGatewayError(await response.text().catch(() => ''), { status, retryAfterS });
}

/**
 * Returns the JSON body of a response. Its shape is not checked: the route guarantees it. Throws what `send` throws.
 */
export async function read<Shape>(
  gateway: Gateway,
  request: RequestInit & { readonly path: string },
): Promise<Shape> {
  const response = await send(gateway, request);
  return (await response.json()) as Shape;
}

/**
 * Converts an error response to a GatewayError. Reads the error shapes of Paddock, of all llama-swap releases and of
 * model servers.
 */
export function toGatewayError(
  text: string,
  at: { readonly status: number; readonly retryAfterS?: number | null },
): GatewayError {
  const { message, ...rest } = readErrorBody(text);
  return new GatewayError(message ?? `The gateway answered HTTP ${at.status}.`, { ...at, ...rest });
}

interface ErrorBody {
  readonly message: string | null;
  readonly code: string | null;
  readonly isOwn?: boolean;
}

function readErrorBody(text: string): ErrorBody {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const isShown = text !== '' && text.length < 500 && !text.includes('<');
    return { message: isShown ? text.trim() : null, code: null };
  }
  const { error, src, message: bare, detail } = Object(body) as Readonly<Record<string, unknown>>;
  // llama-swap before v250 sends a string; servers on FastAPI list the validation errors of a request.
  const whole = [error, detail].find((it) => typeof it === 'string');
  if (whole !== undefined) return { message: whole, code: null };
  const listed = Array.isArray(detail) ? { message: toFieldMessage(detail[0]) } : { message: bare };
  const { message, code } = Object(error ?? listed) as { message?: unknown; code?: unknown };
  return {
    message: typeof message === 'string' ? message : null,
    code: typeof code === 'string' ? code : null,
    isOwn: src === 'paddock',
  };
}

/** Formats one of FastAPI's validation errors: the field and its message. */
function toFieldMessage(fault: unknown): string | null {
  const { loc, msg } = Object(fault) as { loc?: unknown; msg?: unknown };
  if (typeof msg !== 'string') return null;
  return Array.isArray(loc) ? `${loc.join('.')}: ${msg}` : msg;
}
