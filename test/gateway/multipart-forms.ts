import * as fc from 'fast-check';
import { readMultipartBody } from '../../src/gateway/multipart-body.ts';

const encoder = new TextEncoder();
/** A form's bytes, from its text. */
export const toBytes = (text: string) => encoder.encode(text);
/** One character per byte, so that differences are readable. */
export const toText = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
/** A template with CRLF as line breaks. */
export const crlf = (text: string) => text.replaceAll('\n', '\r\n');

/** A client's stream that yields one chunk per pull, and records pulls and the cancel reason. */
export function createSource(chunks: Iterable<Uint8Array>, end?: Error) {
  const iterator = chunks[Symbol.iterator]();
  const seen = { pulls: 0, reason: undefined as unknown };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        seen.pulls++;
        const { done, value } = iterator.next();
        if (!done) controller.enqueue(value);
        else if (end === undefined) controller.close();
        else controller.error(end);
      },
      cancel(reason) {
        seen.reason = reason;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, seen };
}

/** All bytes of a stream. */
export async function collect(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** Reads a form and writes it again with another model. */
export async function rewrite(chunks: Uint8Array[], { boundary = 'B', name = 'small' } = {}) {
  const body = await readMultipartBody(createSource(chunks).stream, { boundary, hold: () => {} });
  const growth = body.growth(name);
  return { model: body.model, growth, bytes: await collect(body.withModel(name)) };
}

/** Sizes of chunks, empty ones among them. */
export const sizes = fc.infiniteStream(fc.integer({ min: 0, max: 40 }));

/** Divides bytes into chunks of these sizes. */
export function divide(bytes: Uint8Array, lengths: Iterable<number>): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) {
    if (at >= bytes.length) break;
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

/** The same bytes whole, byte by byte, and in chunks of any size. */
export function chunkings(bytes: Uint8Array): Uint8Array[][] {
  const any = fc.sample(sizes, { seed: 20261122, numRuns: 20 });
  return [
    [bytes],
    Array.from(bytes, (byte) => Uint8Array.of(byte)),
    ...any.map((lengths) => divide(bytes, lengths)),
  ];
}

/** The header of a model's field. */
export const MODEL = 'Content-Disposition: form-data; name="model"';
/** The header of a file's field. */
export const FILE = 'Content-Disposition: form-data; name="file"; filename="a.wav"';
