import { PaddockError } from '../errors.ts';
import type { Provider } from '../registry/provider.ts';

/** How long an upstream may take, in milliseconds; null for any time. */
export interface UpstreamTimeouts {
  /** Until its headers. */
  readonly firstByteMs: number | null;
  /** Between two pieces of its answer. */
  readonly idleMs: number | null;
}

/** An upstream may take any time. */
export const NO_TIMEOUTS: UpstreamTimeouts = { firstByteMs: null, idleMs: null };

/** An upstream took too long. */
export class UpstreamTimeout extends Error {
  override readonly name = 'UpstreamTimeout';

  constructor() {
    super('The upstream took too long');
  }
}

/** The error for an upstream that sent no headers in time. */
export function toTimeoutError(
  { name }: Pick<Provider, 'name'>,
  milliseconds: number,
): PaddockError {
  const message = `${name} did not begin to answer within ${milliseconds} ms. Its model may still be loading: retry later, or raise FIRST_BYTE_TIMEOUT_MS.`;
  return new PaddockError('upstream_timeout', message, {
    // A second try would run the prompt again, and most likely take as long.
    headers: { 'x-paddock-provider': name, 'x-should-retry': 'false' },
  });
}
