// herd/ is how a page knows the herd: it asks the gateway, follows what changes, and keeps one view of it for all that is
// shown. It renders nothing.

/** Which gateway is asked, and with what key. */
export interface Gateway {
  /** Its address without a slash at the end; empty for the page's own. */
  readonly src: string;
  readonly key: string | null;
}

/** A request that came to nothing: its message says what is wrong, for people. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  /** The HTTP status; null where nobody answered. */
  readonly status: number | null;
  /** The code of the answer's error, Paddock's own or the host's, or null. */
  readonly code: string | null;
  /** Whether Paddock itself says so, and not a host. */
  readonly isOwn: boolean;
  /** How many seconds the answer asks to wait before another try, or null. */
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

/** The gateway's address without what stands behind it by habit: slashes, and the `/v1` of OpenAI's clients. */
export function toSrc(text: string): string {
  return text.trim().replace(/\/+$/u, '').replace(/\/v1$/u, '');
}

/**
 * Sends a request and answers what comes, once its headers are there.
 * @throws {GatewayError} where nobody answers, or the answer is neither a success nor 304
 * @throws {DOMException} `AbortError` where the request was ended here
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
      'The gateway does not answer: is Paddock running, and does it let this page in?';
    throw new GatewayError(message, { status: null, code: null, cause });
  }
  if (response.ok || response.status === 304) return response;
  throw await readRefusedAnswer(response);
}

async function readRefusedAnswer(response: Response): Promise<GatewayError> {
  const { status, headers } = response;
  // Given as a date, which nobody here does, it says nothing.
  const seconds = Number.parseInt(headers.get('retry-after') ?? '', 10);
  const retryAfterS = Number.isFinite(seconds) ? seconds : null;
  return toGatewayError(await response.text().catch(() => ''), { status, retryAfterS });
}

/** The JSON of an answer. Its shape is what the route promises; `send` says what it throws. */
export async function read<Shape>(
  gateway: Gateway,
  request: RequestInit & { readonly path: string },
): Promise<Shape> {
  const response = await send(gateway, request);
  return (await response.json()) as Shape;
}

/** What a refusal says, in the shapes that Paddock, llama-swap of any release and model servers give it. */
export function toGatewayError(
  text: string,
  at: { readonly status: number; readonly retryAfterS?: number | null },
): GatewayError {
  const { message, ...said } = readRefusal(text);
  return new GatewayError(message ?? `The gateway answered HTTP ${at.status}.`, { ...at, ...said });
}

interface Refusal {
  readonly message: string | null;
  readonly code: string | null;
  readonly isOwn?: boolean;
}

function readRefusal(text: string): Refusal {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const isShown = text !== '' && text.length < 500 && !text.includes('<');
    return { message: isShown ? text.trim() : null, code: null };
  }
  const { error, src, message: bare, detail } = Object(body) as Readonly<Record<string, unknown>>;
  // llama-swap before v250, and servers on FastAPI, which list what is wrong with a request.
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

/** One of FastAPI's validation errors: the field, and what is wrong with it. */
function toFieldMessage(fault: unknown): string | null {
  const { loc, msg } = Object(fault) as { loc?: unknown; msg?: unknown };
  if (typeof msg !== 'string') return null;
  return Array.isArray(loc) ? `${loc.join('.')}: ${msg}` : msg;
}
