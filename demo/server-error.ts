const TYPES: Record<number, string> = { 404: 'not_found_error', 501: 'not_supported_error' };

/** Returns an error of the model server. Its shape differs from llama-swap's own. */
export function toServerError(code: number, message: string): Response {
  const type = TYPES[code] ?? 'invalid_request_error';
  return Response.json({ error: { code, message, type } }, { status: code });
}
