import { messageOf, PaddockError } from '../errors.ts';

/** How long a client may take to send a body, in milliseconds: as long as Node's own server gives it. */
export const BODY_MS = 300_000;

/**
 * What some work of a client's comes to, if that is soon enough.
 * @throws {PaddockError} `request_timeout`
 */
export async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow()), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The refusal of a body that does not come to its end. */
export function tooSlow(): PaddockError {
  return new PaddockError('request_timeout', messageOf('request_timeout'));
}
