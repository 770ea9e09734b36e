import type { ErrorCode } from '../errors.ts';

/** An error answer from Paddock, or from a server between the client and Paddock. */
export class PaddockApiError extends Error {
  override readonly name = 'PaddockApiError';
  /** The HTTP status. */
  readonly status: number;
  /** Paddock's error code, or null if the answer did not come from Paddock. */
  readonly code: ErrorCode | null;
  /** The faulty parameter of the request, or null. */
  readonly param: string | null;

  constructor(
    message: string,
    { status, code, param }: { status: number; code: ErrorCode | null; param: string | null },
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
  }
}
