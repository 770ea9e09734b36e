import type { Exchange } from '../telemetry/exchange.ts';
import type { HeaderRecord } from './headers.ts';

/** The time limits of an upstream, in milliseconds; null for no limit. */
export interface UpstreamTimeouts {
  /** The time until its headers arrive. */
  readonly firstByteMs: number | null;
  /** The time between two chunks of its answer. */
  readonly idleMs: number | null;
}

/** The absence of time limits. */
export const NO_TIMEOUTS: UpstreamTimeouts = { firstByteMs: null, idleMs: null };

/** A request to an upstream. */
export interface UpstreamRequest {
  /** The provider's base URL, without a slash at its end. */
  readonly base: string;
  /** The path and the query after `base`, exactly as sent. */
  readonly path: string;
  readonly method: string;
  readonly headers: HeaderRecord;
  /** Bytes, or a stream. `content-length` gives a stream's length where it is known. */
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** The client's request. When the client disconnects, this request is aborted. */
  readonly client: Request;
  /** Absent: no time limit. */
  readonly timeouts?: UpstreamTimeouts;
  /** Whether the answer's body stays encoded, because the client accepts the encoding. */
  readonly keepEncoding?: boolean;
}

/** The fields of an exchange that record how an answer reaches the client. */
export type AnswerRecord = Pick<Exchange, 'tail' | 'upstreamFailure'>;

/** An upstream's answer whose headers have arrived. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: HeaderRecord;
  /**
   * Returns the answer to the client, with the given headers. The body streams no faster than the client reads. When the
   * upstream fails, the client's connection breaks; when the client disconnects, the upstream's connection ends.
   * @param record receives the upstream's failure; its tail receives the bytes where the response's body does not expose them
   */
  toResponse(headers: HeaderRecord, record?: AnswerRecord): Response;
}

/**
 * Sends requests to upstreams. It works like `fetch`, so that a runtime can provide a faster one. It has no time limits of
 * its own, does not follow redirects, does not retry, and decodes compressed answers unless `keepEncoding` is set.
 */
export interface Transport {
  /**
   * Sends a request and resolves when the answer's headers arrive.
   * @throws {ClientGone} if the client disconnects first
   * @throws {UpstreamTimeout} if no headers arrive in time
   * @throws the runtime's error if the upstream does not answer
   */
  send(request: UpstreamRequest): Promise<UpstreamAnswer>;
  /**
   * Absent where the runtime cannot forward WebSockets. Elsewhere `send` asks for one if the headers have `upgrade`, and
   * the runtime's server connects an answer with status 101 to the client's connection.
   */
  readonly webSockets?: { readonly extensions: boolean };
  /** Whether the process is out of file descriptors, where the runtime's own errors do not tell. */
  readonly isExhausted?: () => boolean;
}

/** Statuses whose answers have no body (Fetch standard). */
export const BODILESS: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

/** The headers of an answer after decoding: without its encoding and its length. */
export function toDecodedHeaders(received: HeaderRecord): HeaderRecord {
  const { 'content-encoding': _encoding, 'content-length': _length, ...headers } = received;
  return headers;
}

/** The error of a request whose client has disconnected. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
  override readonly message = 'The client disconnected';
}

/** The error of a request whose upstream took too long. */
export class UpstreamTimeout extends Error {
  override readonly name = 'UpstreamTimeout';
  override readonly message = 'The upstream took too long';
}
