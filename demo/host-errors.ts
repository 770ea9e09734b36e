import type { Release } from './release.ts';

/** A failure of llama-swap itself, before it is rendered for the client. */
export interface HostFailure {
  status: number;
  message: string;
  /** Replaces the default code of the status. */
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

/** Renders a failure as the release does, and by the request's `Accept` if the release supports that. */
export type FailureRenderer = (request: Request, failure: HostFailure) => Response;

/** Creates the renderer of a release's failures. Old releases always use plain text. */
export function createFailureRenderer(release: Release): FailureRenderer {
  if (release === 'old') return (_, failure) => toPlainError(failure);
  const toBody = release === 'v230' ? toStringBody : toErrorBody;
  return (request, failure) => toErrorResponse(request, { ...failure, body: toBody(failure) });
}

/** Returns the error body of releases before v250: `error` is a string, and `src` names the source of the failure. */
function toStringBody({ message }: HostFailure): object {
  return { src: 'llama-swap', error: message };
}

/** Returns the error body of current releases: OpenAI's shape, plus `src` for the source of the failure. */
function toErrorBody({ status, message, code }: HostFailure): object {
  const [type, usualCode] = DETAILS[status] ?? ['server_error', 'internal_error'];
  return { src: 'llama-swap', error: { message, type, param: null, code: code ?? usualCode } };
}

function toErrorResponse(request: Request, failure: HostFailure & { body: object }): Response {
  const { status, message, headers = {} } = failure;
  const accept = request.headers.get('accept') ?? '';
  if (accept.includes('text/plain')) return toPlainError(failure);
  if (accept.includes('text/html')) {
    const html = `<html><body><h1>llama-swap</h1><p>${escapeHtml(message)}</p></body></html>`;
    return new Response(html, { status, headers: { ...headers, 'content-type': 'text/html' } });
  }
  return Response.json(failure.body, { status, headers });
}

function toPlainError({ status, message, headers = {} }: HostFailure): Response {
  return new Response(`llama-swap: ${message}`, {
    status,
    headers: { ...headers, 'content-type': 'text/plain' },
  });
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
