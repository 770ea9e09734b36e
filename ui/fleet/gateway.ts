// fleet/ is the page's client of the gateway: it fetches the catalog, follows changes, and keeps one state for all
// elements. It renders nothing.

import { GatewayError, toGatewayError } from './gateway-error.ts';

/** The gateway to call, and its key. */
export interface Gateway {
  /** Its address without a trailing slash; empty for the page's own origin. */
  readonly src: string;
  readonly key: string | null;
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
