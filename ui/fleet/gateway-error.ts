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
