import { isExhaustion } from '../errors.ts';
import type { Failure } from '../registry/outcome.ts';

/** The error for an upstream's answer that is not HTTP, or that cannot be passed on to a client. */
export class InvalidAnswer extends Error {
  override readonly name = 'InvalidAnswer';
  /** A description of the answer that follows a provider's name: "sent the status 999". */
  readonly sent: string;

  constructor(sent: string) {
    super(`The upstream ${sent}`);
    this.sent = sent;
  }
}

/** Returns the fault of a final status that HTTP does not define and no response can carry; null for a valid one. */
export function findStatusFault(status: number): InvalidAnswer | null {
  if (status >= 200 && status <= 599) return null;
  return toStatusFault(status);
}

/** Creates the fault for an invalid status. */
export function toStatusFault(status: number): InvalidAnswer {
  return new InvalidAnswer(`sent the status ${status}, which is not from 200 to 599`);
}

/** Converts an error that was thrown before an answer began to a failure. */
export function toFailure(cause: unknown): Failure {
  if (isExhaustion(cause)) return { kind: 'exhausted', cause };
  if (cause instanceof InvalidAnswer) return { kind: 'not-http', sent: cause.sent, cause };
  return { kind: 'unreachable', cause };
}
