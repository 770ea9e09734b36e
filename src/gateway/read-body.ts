import { PaddockError } from '../errors.ts';
import type { HeaderRecord } from './headers.ts';
import { parseJsonBody } from './json-body.ts';
import { readMultipartBody } from './multipart-body.ts';
import { readBoundary } from './multipart-headers.ts';
import {
  inTime,
  readLength,
  toReadError,
  tooLarge,
  type BodyLimits,
  type BodyReader,
  type Hold,
} from './read-bytes.ts';
import type { Inbound } from './inbound.ts';

/** A request body that can name a model. */
export interface ModelBody {
  readonly model: string | null;
  /** Returns the body with another model's name. Call it once. */
  withModel(model: string, options: { maxTokens: boolean }): SentBody;
}

/** A body to send to an upstream. */
export interface SentBody {
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** A stream's length in bytes, or null where it is unknown or `body` is not a stream. */
  readonly length: number | null;
  /** Returns the fault that was found while the body was sent, or null. */
  fault(): PaddockError | null;
}

/** The absence of a body. */
export const NO_BODY: SentBody = { body: null, length: null, fault: () => null };

interface Limits extends Omit<BodyLimits, 'memory'> {
  readonly headers: HeaderRecord;
}

interface Reading extends Limits {
  readonly hold: Hold;
  readonly inbound: Pick<Inbound, 'readBytes'>;
}

/** Reads a body until its model is known: all of JSON, a form up to its model. Throws like `readBytes`. */
export async function readModelBody(client: Request, reading: Reading): Promise<ModelBody> {
  const contentType = reading.headers['content-type'] ?? '';
  if (/^\s*multipart\/form-data\b/iu.test(contentType)) {
    refuseCompressed(reading);
    return readForm(client, reading);
  }
  const { model, withModel } = parseJsonBody(await readJsonBytes(client, reading));
  return {
    model,
    withModel: (name, options) => ({ ...NO_BODY, body: withModel(name, options) }),
  };
}

/**
 * Reads all of a JSON body.
 * @throws {PaddockError} if the body is too large or cannot be read
 * @throws {ClientGone} if the client disconnects first
 */
export function readJsonBytes(client: Request, reading: Reading): Promise<Uint8Array> {
  const { maxBytes, withinMs, clock, hold, inbound } = reading;
  refuseCompressed(reading);
  const length = readLength(reading);
  return inbound.readBytes(client, { length, maxBytes, withinMs, clock, hold });
}

function refuseCompressed({ headers }: Pick<Reading, 'headers'>): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return;
  throw new PaddockError('invalid_request', 'The body is compressed: send it uncompressed.');
}

/**
 * Returns a request's body as a stream within the limits. Only the time spent waiting for the client counts, not the time
 * the upstream takes to read.
 * @throws {PaddockError} if the announced length is too large
 */
export function limitBody(client: Request, limits: Limits): SentBody {
  const { headers, maxBytes, withinMs, clock } = limits;
  const length = readLength(limits);
  const hasBody = headers['transfer-encoding'] !== undefined || (length ?? 0) > 0;
  if (!hasBody || client.body === null) return NO_BODY;
  const reader: BodyReader = client.body.getReader();
  let fault: PaddockError | null = null;
  let room = maxBytes;
  let leftMs = withinMs;
  const pull = async (): ReturnType<BodyReader['read']> => {
    const askedAt = clock.monotonic();
    const read = await inTime(reader.read(), { clock, withinMs: leftMs });
    leftMs -= clock.monotonic() - askedAt;
    room -= read.value?.byteLength ?? 0;
    if (room < 0) throw tooLarge(maxBytes);
    return read;
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value } = await pull();
          if (value === undefined) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          if (error instanceof PaddockError) fault = error;
          // The server discards the rest of the body.
          reader.releaseLock();
          throw error;
        }
      },
      cancel: () => reader.releaseLock(),
    },
    { highWaterMark: 0 },
  );
  return { body, length, fault: () => fault };
}

async function readForm(client: Request, limits: Reading): Promise<ModelBody> {
  const boundary = readBoundary(limits.headers['content-type'] ?? '');
  if (boundary === null) {
    const message = 'The content type names no boundary: send multipart/form-data; boundary=...';
    throw new PaddockError('invalid_request', message);
  }
  const { body, length, fault } = limitBody(client, limits);
  const source = body instanceof ReadableStream ? body : new Blob([]).stream();
  const form = await readMultipartBody(source, { boundary, hold: limits.hold }).catch(
    (error: unknown) => {
      throw toReadError(error);
    },
  );
  return {
    model: form.model,
    withModel: (name) => ({
      length: length === null ? null : length + form.growth(name),
      body: form.withModel(name),
      fault: () => fault() ?? form.fault(),
    }),
  };
}
