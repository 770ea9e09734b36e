import type { ErrorCode } from '../errors.ts';

/** Paddock's refusal, or that of something between here and there. */
export class PaddockApiError extends Error {
  override readonly name = 'PaddockApiError';
  /** The HTTP status. */
  readonly status: number;
  /** Paddock's own code, or null where the answer was not Paddock's. */
  readonly code: ErrorCode | null;
  /** What of the request was at fault, or null. */
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
