import { joinBytes } from '../join-bytes.ts';
import { PaddockError } from '../errors.ts';
import { MultipartScanner } from './multipart-scan.ts';
import type { BodyReader, Hold } from './read-bytes.ts';

/** A form that has been read up to its model; the rest has not been read. */
export interface MultipartBody {
  /** The model field's text, or null if the whole form has none. */
  readonly model: string | null;
  /**
   * Returns the whole form with another model's name, which must not contain a line break. A form without a model field
   * gets it as its first part. Call it once. The stream reads the client's stream only on demand, and cancels it when it
   * is cancelled itself.
   */
  withModel(model: string): ReadableStream<Uint8Array>;
  /** Returns how many bytes `withModel(model)` adds to the client's form; may be negative. */
  growth(model: string): number;
  /** Returns the fault that was found in the form while it streamed, or null. The stream fails with the same error. */
  fault(): PaddockError | null;
}

/** The bytes of the form that the new model's name replaces, and the text to write before and after that name. */
interface Slot {
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
}

const encoder = new TextEncoder();

/**
 * Reads a form up to its model field and buffers what it has read; without such a field it buffers the whole form. When it
 * throws, it unlocks the source, so that the owner can drain or cancel it.
 * @throws {PaddockError} `invalid_request`, `invalid_model_id`, or what `hold` throws; an error of the source is thrown unchanged
 */
export async function readMultipartBody(
  source: ReadableStream<Uint8Array>,
  { boundary, hold }: { boundary: string; hold: Hold },
): Promise<MultipartBody> {
  const reader = source.getReader();
  const scanner = new MultipartScanner(boundary);
  let held: Uint8Array[];
  let model: string | null;
  try {
    held = await readUntilModel(reader, { scanner, hold });
    model = scanner.model && decodeModel(cut(held, scanner.model));
  } catch (error) {
    reader.releaseLock();
    throw error;
  }
  const slot = pickSlot(scanner, boundary);
  let fault: PaddockError | null = null;
  const encode = (name: string) => encoder.encode(slot.before + name + slot.after);
  const check = (chunk: Uint8Array | undefined) => {
    try {
      if (chunk === undefined) scanner.end();
      else scanner.push(chunk);
    } catch (error) {
      if (error instanceof PaddockError) fault = error;
      throw error;
    }
  };
  return {
    model,
    withModel(name) {
      // Empty `held`, so that a caller that keeps this object for `fault` does not keep the chunks in memory.
      const chunks = held.splice(0);
      const before = cut(chunks, { start: 0, end: slot.start });
      const after = cut(chunks, { start: slot.end, end: Infinity });
      return createStream({ pieces: [...before, encode(name), ...after], reader, check });
    },
    growth: (name) => encode(name).length - (slot.end - slot.start),
    fault: () => fault,
  };
}

async function readUntilModel(
  reader: BodyReader,
  { scanner, hold }: { scanner: MultipartScanner; hold: Hold },
): Promise<Uint8Array[]> {
  const held: Uint8Array[] = [];
  let size = 0;
  let joined = 0;
  while (scanner.model === null) {
    const { value } = await reader.read();
    if (value === undefined) {
      scanner.end();
      break;
    }
    hold((size += value.byteLength));
    scanner.push(value);
    held.push(value);
    if (held.length - joined < RUN) continue;
    const run = held.splice(joined);
    held.push(...joinSmall(run));
    joined = held.length;
  }
  return held;
}

/** How many chunks are joined at a time: chunks of one byte take a hundred times their size in memory. */
const RUN = 64;

/** Joins pieces that are so small that keeping them costs more than a copy; returns larger pieces unchanged. */
function joinSmall(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  const size = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return size > pieces.length * 1024 ? pieces : [joinBytes(pieces)];
}

/** Returns a range of bytes as views into its chunks. */
function cut(
  chunks: readonly Uint8Array[],
  { start, end }: { start: number; end: number },
): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const chunk of chunks) {
    const piece = chunk.subarray(Math.max(0, start - offset), Math.max(0, end - offset));
    if (piece.length > 0) pieces.push(piece);
    offset += chunk.length;
  }
  return pieces;
}

function decodeModel(pieces: readonly Uint8Array[]): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return (
      pieces.map((piece) => decoder.decode(piece, { stream: true })).join('') + decoder.decode()
    );
  } catch (cause) {
    const message = 'The model field is not valid UTF-8. Send it as plain UTF-8 text.';
    throw new PaddockError('invalid_request', message, { param: 'model', cause });
  }
}

function pickSlot({ model, firstBoundary, newline }: MultipartScanner, boundary: string): Slot {
  if (model !== null) {
    const { start, end, isBare } = model;
    return { start, end, before: '', after: isBare ? newline : '' };
  }
  const start = firstBoundary ?? 0;
  const lines = [`--${boundary}`, 'Content-Disposition: form-data; name="model"', '', ''];
  return { start, end: start, before: lines.join(newline), after: newline };
}

interface StreamParts {
  readonly pieces: readonly Uint8Array[];
  readonly reader: BodyReader;
  /** Called with every further chunk before it is passed on, and with undefined at the end. */
  readonly check: (chunk: Uint8Array | undefined) => void;
}

function createStream({ pieces, reader, check }: StreamParts): ReadableStream<Uint8Array> {
  // Popped from the end, so that each piece can be freed as soon as it has been passed on.
  const waiting = pieces.toReversed();
  let isCancelled = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = waiting.pop();
        if (piece !== undefined) {
          controller.enqueue(piece);
          return;
        }
        let { value } = await reader.read();
        while (value?.length === 0) ({ value } = await reader.read());
        // After a cancel, the end of the stream does not mean that the client sent an incomplete form.
        if (isCancelled) return;
        check(value);
        if (value === undefined) controller.close();
        else controller.enqueue(value);
      },
      cancel(reason) {
        isCancelled = true;
        return reader.cancel(reason);
      },
    },
    // Read only on demand.
    { highWaterMark: 0 },
  );
}
