import type { Clock } from '../clock.ts';
import { PaddockError } from '../errors.ts';
import type { BodyMemory } from './body-memory.ts';
import { inTime } from './body-time.ts';
import { ClientGone } from './client-gone.ts';
import { GrowingBytes } from './growing-bytes.ts';
import type { HeaderRecord } from './headers.ts';

/** How much is read of a body, and how long it may take. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** How long its client may take to send it, in milliseconds. */
  readonly withinMs: number;
  readonly clock: Pick<Clock, 'after' | 'monotonic'>;
  /** The memory that all bodies share. */
  readonly memory: BodyMemory;
}

/**
 * Told how many bytes of a body are held.
 * @throws {PaddockError} where there is no memory for them
 */
export type Hold = (bytes: number) => void;

/** How much is read of one body, and how long it may take. */
export interface ReadLimits extends Omit<BodyLimits, 'memory'> {
  readonly hold: Hold;
  /** The length that the request announces, which is no more than `maxBytes`, or null. */
  readonly length: number | null;
}

/** Reads a body; the runtimes' own types of it differ in what else they have. */
export type BodyReader = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'releaseLock'>;

/** Up to so many bytes a body is read in one go. */
const SMALL_BYTES = 256 * 1024;

/**
 * All of a request's body.
 * @throws {PaddockError} `body_too_large`, `request_timeout`
 * @throws {ClientGone}
 */
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
    // The server drops the rest.
    reader?.releaseLock();
    throw toReadError(error);
  }
}

async function collect(reader: BodyReader, limits: ReadLimits): Promise<Uint8Array> {
  const bytes = new GrowingBytes(limits);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.finish();
    if (!bytes.add(value)) throw tooLarge(limits.maxBytes);
  }
}

/**
 * The length that a request announces, or null.
 * @throws {PaddockError} `body_too_large`
 */
export function readLength(limits: { headers: HeaderRecord; maxBytes: number }): number | null {
  const { headers, maxBytes } = limits;
  const text = headers['content-length'];
  if (text === undefined || headers['transfer-encoding'] !== undefined) return null;
  const length = Number(text);
  if (length > maxBytes) throw tooLarge(maxBytes);
  return length;
}

/** What a body's failure means: one that cannot be read to its end was broken off by the client. */
export function toReadError(error: unknown): unknown {
  return error instanceof PaddockError ? error : new ClientGone();
}

/** The refusal of a body that is too large. */
export function tooLarge(maxBytes: number): PaddockError {
  const message = `The body is larger than ${maxBytes} bytes: send less, or raise MAX_BODY_BYTES.`;
  return new PaddockError('body_too_large', message);
}
