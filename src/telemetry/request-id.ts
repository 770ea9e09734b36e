import type { Redact } from './redact.ts';

/** IDs that are safe in a header, a log and a shell. Common IDs look like `req_011C…`, UUIDs or trace IDs. */
const SAFE = /^[\w.:@=+/-]{1,128}$/u;

/** Returns the request's own ID if it is safe and contains no secret, or a new one. */
export function pickRequestId(
  given: string | undefined,
  { create, redact }: { create: () => string; redact: Redact },
): string {
  return given !== undefined && SAFE.test(given) && redact(given) === given ? given : create();
}
