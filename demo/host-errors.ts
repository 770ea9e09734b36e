/** A failure of llama-swap itself, before it takes the form that the client accepts. */
export interface HostFailure {
  status: number;
  message: string;
  /** Overrides the code that follows from the status. */
  code?: string;
  headers?: Record<string, string>;
}

const DETAILS: Record<number, [type: string, code: string]> = {
  400: ['invalid_request_error', 'bad_request'],
  401: ['authentication_error', 'unauthorized'],
  404: ['invalid_request_error', 'not_found'],
  409: ['invalid_request_error', 'conflict'],
  429: ['rate_limit_error', 'rate_limit_exceeded'],
  502: ['server_error', 'bad_gateway'],
  503: ['server_error', 'service_unavailable'],
};

/** The error body of current releases: OpenAI's, and `src` beside it says who failed. */
function toErrorBody({ status, message, code }: HostFailure): object {
  const [type, usualCode] = DETAILS[status] ?? ['server_error', 'internal_error'];
  return { src: 'llama-swap', error: { message, type, param: null, code: code ?? usualCode } };
}

/** Renders a failure by the request's `Accept`, as current releases do. */
export function toErrorResponse(request: Request, failure: HostFailure): Response {
  const { status, message, headers = {} } = failure;
  const accept = request.headers.get('accept') ?? '';
  if (accept.includes('text/plain')) return toPlainError(failure);
  if (accept.includes('text/html')) {
    const body = `<html><body><h1>llama-swap</h1><p>${escapeHtml(message)}</p></body></html>`;
    return new Response(body, { status, headers: { ...headers, 'content-type': 'text/html' } });
  }
  return Response.json(toErrorBody(failure), { status, headers });
}

/** Renders a failure as plain text, as old releases always do. */
export function toPlainError({ status, message, headers = {} }: HostFailure): Response {
  return new Response(`llama-swap: ${message}`, {
    status,
    headers: { ...headers, 'content-type': 'text/plain' },
  });
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
