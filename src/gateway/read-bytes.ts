import { PaddockError } from '../errors.ts';
import { ClientGone } from './client-gone.ts';
import type { HeaderRecord } from './headers.ts';

/** How much is read. */
export interface ReadLimits {
  /** The length that the request announces, which is no more than `maxBytes`, or null. */
  readonly length: number | null;
  readonly maxBytes: number;
}

/** Reads a body; the runtimes' own types of it differ in what else they have. */
type Reader = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>;

/** Up to so many bytes a body is read in one go; a larger one goes straight into the one array that it will stay in. */
export const SMALL_BYTES = 256 * 1024;

/**
 * All of a request's body.
 * @throws {PaddockError} `body_too_large`
 * @throws {ClientGone}
 */
export async function readBytes(client: Request, limits: ReadLimits): Promise<Uint8Array> {
  const { length } = limits;
  try {
    if (length !== null && length <= SMALL_BYTES) return new Uint8Array(await client.arrayBuffer());
    if (client.body === null) return new Uint8Array();
    const reader: Reader = client.body.getReader();
    return await (length === null ? collect(reader, limits) : fill(reader, length));
  } catch (error) {
    throw toReadError(error);
  }
}

/** Reads into one array of the length that was announced, so that the body is held once. */
async function fill(reader: Reader, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, at);
    bytes.set(value, at);
    at += value.byteLength;
  }
}

async function collect(reader: Reader, { maxBytes }: ReadLimits): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
    size += value.byteLength;
    if (size > maxBytes) {
      reader.cancel().catch(() => {});
      throw tooLarge(maxBytes);
    }
    chunks.push(new Uint8Array(value));
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
  const message = `The body is larger than ${maxBytes} bytes: send less, or set MAX_BODY_BYTES.`;
  return new PaddockError('body_too_large', message);
}
