import type { Clock } from '../clock.ts';
import { messageOf, PaddockError } from '../errors.ts';
import type { BodyMemory } from './body-memory.ts';
import { GrowingBytes } from './growing-bytes.ts';
import type { HeaderRecord } from './headers.ts';
import { ClientGone } from './transport.ts';

/** How long a client may take to send a body, in milliseconds. Node's own server has the same limit. */
export const BODY_MS = 300_000;

/** The limits on the size and the duration of request bodies. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** How long the client may take to send the body, in milliseconds. */
  readonly withinMs: number;
  readonly clock: Pick<Clock, 'after' | 'monotonic'>;
  /** The memory that all bodies share. */
  readonly memory: BodyMemory;
}

/** Records how many bytes of a body are held in memory. Throws if there is no memory for them. */
export type Hold = (bytes: number) => void;

/** The limits on the size and the duration of one body. */
export interface ReadLimits extends Omit<BodyLimits, 'memory'> {
  readonly hold: Hold;
  /** The length that the request announces, at most `maxBytes`, or null. */
  readonly length: number | null;
}

/** The used part of a stream's reader. The complete types differ between runtimes. */
export interface BodyReader {
  read(): Promise<{ readonly value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

/** The largest body that is read in one call. */
const SMALL_BYTES = 256 * 1024;

/** Reads all of a body. Throws `body_too_large`, `request_timeout`, or `ClientGone` if the client disconnects. */
export async function readBytes(client: Request, limits: ReadLimits): Promise<Uint8Array> {
  const { length, hold } = limits;
  let reader: BodyReader | null = null;
  try {
    if (length !== null && length <= SMALL_BYTES) {
      hold(length);
      return new Uint8Array(await inTime(client.arrayBuffer(), limits));
    }
    if (client.body === null) return new Uint8Array();
    reader = client.body.getReader();
    return await inTime(collect(reader, limits), limits);
  } catch (error) {
    // The server discards the rest of the body.
    reader?.releaseLock();
    throw toReadError(error);
  }
}

async function collect(reader: BodyReader, limits: ReadLimits): Promise<Uint8Array> {
  const bytes = new GrowingBytes(limits);
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) return bytes.finish();
    if (!bytes.add(value)) throw tooLarge(limits.maxBytes);
  }
}

/** Returns the length that a request announces, or null. Throws `body_too_large`. */
export function readLength(limits: { headers: HeaderRecord; maxBytes: number }): number | null {
  const { headers, maxBytes } = limits;
  const text = headers['content-length'];
  if (text === undefined || headers['transfer-encoding'] !== undefined) return null;
  const length = Number(text);
  if (length > maxBytes) throw tooLarge(maxBytes);
  return length;
}

/** Maps a failure to read a body to an error: if the body cannot be read to its end, the client has disconnected. */
export function toReadError(error: unknown): unknown {
  return error instanceof PaddockError ? error : new ClientGone();
}

/** Returns the error for a body that is too large. */
export function tooLarge(maxBytes: number): PaddockError {
  const message = `The body is larger than ${maxBytes} bytes: send less, or raise MAX_BODY_BYTES.`;
  return new PaddockError('body_too_large', message);
}

/** Returns the result of work that waits for a client's body. Throws `request_timeout` if it takes longer. */
export async function inTime<T>(
  work: Promise<T>,
  { clock, withinMs }: { clock: Pick<Clock, 'after'>; withinMs: number },
): Promise<T> {
  let stopTimer = () => {};
  const late = new Promise<never>((_resolve, reject) => {
    stopTimer = clock.after(withinMs, () => reject(tooSlow()));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stopTimer();
  }
}

/** Returns the error for a body that is not complete in time. */
export function tooSlow(): PaddockError {
  return new PaddockError('request_timeout', messageOf('request_timeout'));
}
