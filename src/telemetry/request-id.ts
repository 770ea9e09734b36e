import type { Redact } from './redact.ts';

/** What may stand in a header, a log and a shell without harm: others' IDs look like `req_011C…`, UUIDs or trace IDs. */
const SAFE = /^[\w.:@=+/-]{1,128}$/u;

/** The ID that a request came with, where it can be kept and holds no secret, or a new one. */
export function pickRequestId(
  given: string | undefined,
  { create, redact }: { create: () => string; redact: Redact },
): string {
  return given !== undefined && SAFE.test(given) && redact(given) === given ? given : create();
}
