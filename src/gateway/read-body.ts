import { PaddockError } from '../errors.ts';
import type { HeaderRecord } from './headers.ts';
import { parseJsonBody } from './json-body.ts';
import { readMultipartBody } from './multipart-body.ts';
import { readBoundary } from './multipart-headers.ts';
import { inTime } from './body-time.ts';
import {
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
  /** The model that it names, or null. */
  readonly model: string | null;
  /** The body with another model's name. To be called once. */
  withModel(model: string, options: { maxTokens: boolean }): SentBody;
}

/** A body on its way to an upstream. */
export interface SentBody {
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** A stream's length in bytes, or null where that is not known; bytes tell theirs. */
  readonly length: number | null;
  /** What was found wrong with it while it was sent, or null. */
  fault(): PaddockError | null;
}

/** No body at all. */
export const NO_BODY: SentBody = { body: null, length: null, fault: () => null };

interface Limits extends Omit<BodyLimits, 'memory'> {
  readonly headers: HeaderRecord;
}

interface Reading extends Limits {
  readonly hold: Hold;
  readonly inbound: Pick<Inbound, 'readBytes'>;
}

/**
 * Reads as much of a request's body as it takes to know its model: all of JSON, and of a form what stands before.
 * @throws {PaddockError} where it is too large, or cannot be read
 * @throws {ClientGone}
 */
export async function readModelBody(client: Request, reading: Reading): Promise<ModelBody> {
  const { headers, maxBytes, withinMs, clock, hold, inbound } = reading;
  const contentType = headers['content-type'] ?? '';
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    throw new PaddockError('invalid_request', 'The body is compressed: send it as it is.');
  }
  if (/^\s*multipart\/form-data\b/iu.test(contentType)) return readForm(client, reading);
  const length = readLength(reading);
  const { model, withModel } = parseJsonBody(
    await inbound.readBytes(client, { length, maxBytes, withinMs, clock, hold }),
  );
  return {
    model,
    withModel: (name, options) => ({ ...NO_BODY, body: withModel(name, options) }),
  };
}

/**
 * A request's body as it comes, up to the limits: what it waits for whoever takes it is no time of the client's.
 * @throws {PaddockError} where its length says at once that it is too large
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
          const { done, value } = await pull();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          if (error instanceof PaddockError) fault = error;
          // The server drops the rest.
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
