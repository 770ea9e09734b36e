import { PaddockError } from '../errors.ts';
import type { Provider } from '../registry/provider.ts';

/** The time limits of an upstream, in milliseconds; null for no limit. */
export interface UpstreamTimeouts {
  /** The time until its headers arrive. */
  readonly firstByteMs: number | null;
  /** The time between two chunks of its answer. */
  readonly idleMs: number | null;
}

/** The absence of time limits. */
export const NO_TIMEOUTS: UpstreamTimeouts = { firstByteMs: null, idleMs: null };

/** The error of a request whose upstream took too long. */
export class UpstreamTimeout extends Error {
  override readonly name = 'UpstreamTimeout';

  constructor() {
    super('The upstream took too long');
  }
}

/** Returns the error for an upstream that sent no headers in time. */
export function toTimeoutError(
  { name }: Pick<Provider, 'name'>,
  milliseconds: number,
): PaddockError {
  const message = `${name} did not begin to answer within ${milliseconds} ms. Its model may still be loading: retry later, or raise FIRST_BYTE_TIMEOUT_MS.`;
  return new PaddockError('upstream_timeout', message, {
    // A retry would run the prompt again, and would most likely take as long.
    headers: { 'x-paddock-provider': name, 'x-should-retry': 'false' },
  });
}
