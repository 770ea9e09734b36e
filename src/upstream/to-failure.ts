import { isExhaustion } from '../errors.ts';
import type { Failure } from '../registry/outcome.ts';
import { InvalidAnswer } from './invalid-answer.ts';

/** Converts an error that was thrown before an answer began to a failure. */
export function toFailure(cause: unknown): Failure {
  if (isExhaustion(cause)) return { kind: 'exhausted', cause };
  if (cause instanceof InvalidAnswer) return { kind: 'not-http', sent: cause.sent, cause };
  return { kind: 'unreachable', cause };
}
