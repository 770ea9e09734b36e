import { PaddockError } from '../errors.ts';
import { MultipartScanner } from './multipart-scan.ts';
import type { Hold } from './read-bytes.ts';

/** A form whose model has been read; the rest of it has not. */
export interface MultipartBody {
  /** The model field's text, or null where the whole form has none. */
  readonly model: string | null;
  /**
   * The form from its first byte on, with another model's name, which must hold no line break; where there was none,
   * as a first part. To be called once. It reads no more of the client's stream than it is asked for, and cancels it
   * when it is cancelled.
   */
  withModel(model: string): ReadableStream<Uint8Array>;
  /** How many bytes `withModel(model)` is longer than the form that came; may be negative. */
  growth(model: string): number;
  /** Lets go of the client's stream, where `withModel` will not be called or has failed. */
  cancel(): Promise<void>;
  /** What was found wrong with the form after `model` was known, while it streamed, or null. The stream errors with it. */
  fault(): PaddockError | null;
}

/** The bytes of the form that another model's name takes the place of, and what must stand around that name. */
interface Slot {
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
}

/** What is used of a stream's reader, whose types are not the same on all runtimes. */
interface Reader {
  read(): Promise<{ readonly value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

const encoder = new TextEncoder();

/**
 * Reads a form as far as its model's field, and holds what stands before that; or reads and holds the whole form,
 * where there is no such field. Where it throws, the source is left unlocked, to be drained or cancelled by its owner.
 * @throws {PaddockError} `invalid_request`, `invalid_model_id`, or what `hold` throws; whatever error the source has is thrown as it is
 */
export async function readMultipartBody(
  source: ReadableStream<Uint8Array>,
  { boundary, hold }: { boundary: string; hold: Hold },
): Promise<MultipartBody> {
  const reader = source.getReader();
  const scanner = new MultipartScanner(boundary);
  try {
    const held = await readAsFarAsModel(reader, { scanner, hold });
    const model = scanner.model && decodeModel(cut(held, scanner.model));
    const slot = pickSlot(scanner, boundary);
    return createBody({ reader, scanner, held, model, slot });
  } catch (error) {
    reader.releaseLock();
    throw error;
  }
}

async function readAsFarAsModel(
  reader: Reader,
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

/** So many pieces are looked at together: of one byte each they would take a hundred times their size. */
const RUN = 64;

/** The same bytes in one piece, where the pieces are so small that holding them costs more than a copy. */
function joinSmall(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  const size = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (size > pieces.length * 1024) return pieces;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return [whole];
}

/** A range of bytes, as pieces of the chunks that it lies in. */
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

interface Parts {
  readonly reader: Reader;
  readonly scanner: MultipartScanner;
  readonly held: Uint8Array[];
  readonly model: string | null;
  readonly slot: Slot;
}

function createBody({ reader, scanner, held, model, slot }: Parts): MultipartBody {
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
      // Whoever still asks for the fault must not keep the chunks.
      const chunks = held.splice(0);
      const before = cut(chunks, { start: 0, end: slot.start });
      const after = cut(chunks, { start: slot.end, end: Infinity });
      return createStream({ pieces: [...before, encode(name), ...after], reader, check });
    },
    growth: (name) => encode(name).length - (slot.end - slot.start),
    cancel: () => reader.cancel(),
    fault: () => fault,
  };
}

interface StreamParts {
  readonly pieces: readonly Uint8Array[];
  readonly reader: Reader;
  /** Sees every further chunk before it is passed on, and then undefined. */
  readonly check: (chunk: Uint8Array | undefined) => void;
}

function createStream({ pieces, reader, check }: StreamParts): ReadableStream<Uint8Array> {
  // Taken from its end, so that each is let go of as soon as it has been passed on.
  const waiting = pieces.toReversed();
  let isLeft = false;
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
        // What ends here because nobody wants more of it was not broken off by its sender.
        if (isLeft) return;
        check(value);
        if (value === undefined) controller.close();
        else controller.enqueue(value);
      },
      cancel(reason) {
        isLeft = true;
        return reader.cancel(reason);
      },
    },
    // Nothing is read before it is asked for.
    { highWaterMark: 0 },
  );
}
