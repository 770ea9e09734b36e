import type { Exchange } from '../telemetry/exchange.ts';
import type { Clock } from '../clock.ts';
import type { Fetch } from '../fetch.ts';
import { findStatusFault } from '../upstream/invalid-answer.ts';
import { ClientGone } from './client-gone.ts';
import type { HeaderRecord } from './headers.ts';
import { limitIdle } from './limit-idle.ts';
import { NO_TIMEOUTS, UpstreamTimeout, type UpstreamTimeouts } from './upstream-timeout.ts';

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
   * Requests a WebSocket; absent where the runtime cannot forward one. The runtime's server connects an answer with
   * status 101 to the client's connection.
   * @throws the same errors as `send`
   */
  readonly upgrade?: (request: UpstreamRequest) => Promise<UpstreamAnswer>;
  /** Whether the process is out of file descriptors, where the runtime's own errors do not tell. */
  readonly isExhausted?: () => boolean;
}

/** Statuses whose answers have no body (Fetch standard). */
export const BODILESS: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

/** Options of a runtime's `fetch` that leave an answer's body encoded. The standard has none. */
type EncodedInit = Readonly<Record<string, unknown>>;

/** Without it, workerd encodes again a body that has a content encoding. Other runtimes ignore this option. */
const AS_IT_IS = { encodeBody: 'manual' };

/** Creates the transport for any runtime, from the runtime's own `fetch`. */
export function createFetchTransport(options: {
  fetch: Fetch;
  clock: Pick<Clock, 'after'>;
  /** Options that leave an answer's body encoded; without them `keepEncoding` has no effect. */
  encodedInit?: EncodedInit;
  /** Whether the runtime decodes an encoding, by its name in the header. By default it decodes all that it is sent. */
  decodes?: (encoding: string) => boolean;
}): Transport {
  const { fetch, clock, encodedInit = null, decodes = () => true } = options;
  return {
    send: async (request) => {
      const { base, path, method, headers, body, client, timeouts = NO_TIMEOUTS } = request;
      const encoded = request.keepEncoding === true ? encodedInit : null;
      // Listen to the client's signal only until the headers arrive: after that the runtime itself handles a disconnect.
      const leaving = new AbortController();
      const leave = () => leaving.abort(new ClientGone());
      if (client.signal.aborted) throw new ClientGone();
      client.signal.addEventListener('abort', leave);
      const { firstByteMs, idleMs } = timeouts;
      const giveUp = () => leaving.abort(new UpstreamTimeout());
      let stopTimer = () => {};
      // The timer starts after the body is sent: the time to send it depends on the client.
      const startTimer = () => {
        if (firstByteMs !== null && !hasHeaders) stopTimer = clock.after(firstByteMs, giveUp);
      };
      let hasHeaders = false;
      if (!(body instanceof ReadableStream)) startTimer();
      try {
        const response = await fetch(base + path, {
          method,
          headers,
          // `fetch` accepts any bytes, and a stream needs `duplex`; the types do not declare either.
          body: (body instanceof ReadableStream
            ? breakOnFailure(body, { breakOff: leave, sent: startTimer })
            : body) as Uint8Array<ArrayBuffer> | null,
          ...(body instanceof ReadableStream && { duplex: 'half' }),
          redirect: 'manual',
          signal: leaving.signal,
          ...encoded,
        });
        const encoding = response.headers.get('content-encoding');
        const isDecoded = encoded === null && encoding !== null && decodes(encoding);
        return toAnswer(response, { idleMs, giveUp, clock, isDecoded });
      } catch (error) {
        throw leaving.signal.aborted ? leaving.signal.reason : error;
      } finally {
        hasHeaders = true;
        stopTimer();
        client.signal.removeEventListener('abort', leave);
      }
    },
  };
}

/**
 * Returns the same stream, but calls `breakOff` when it fails: on a failed stream workerd would end the request as if it
 * were complete. An upstream that stops reading is not a failure of the client.
 */
function breakOnFailure(
  body: ReadableStream<Uint8Array>,
  { breakOff, sent }: { breakOff: () => void; sent: () => void },
) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  body
    .pipeTo(writable, { preventAbort: true })
    .then(sent)
    .catch(() => body.getReader().closed.catch(breakOff));
  return readable;
}

function toAnswer(
  response: Response,
  {
    idleMs,
    giveUp,
    clock,
    isDecoded,
  }: {
    idleMs: number | null;
    giveUp: () => void;
    clock: Pick<Clock, 'after'>;
    isDecoded: boolean;
  },
): UpstreamAnswer {
  const { status } = response;
  const fault = findStatusFault(status);
  if (fault !== null) {
    response.body?.cancel().catch(() => {});
    throw fault;
  }
  const body = BODILESS.has(status) ? null : response.body;
  const received = Object.fromEntries(response.headers);
  return {
    status,
    headers: isDecoded ? toDecodedHeaders(received) : received,
    toResponse(headers, record) {
      const init = { status, headers, ...(!isDecoded && AS_IT_IS) };
      if (idleMs === null || body === null) return new Response(body, init);
      const timedOut = () => {
        if (record !== undefined) record.upstreamFailure = 'timed_out';
        giveUp();
      };
      return new Response(limitIdle(body, { idleMs, timedOut, clock }), init);
    },
  };
}

/** The headers of an answer after decoding: without its encoding and its length. */
export function toDecodedHeaders(received: HeaderRecord): HeaderRecord {
  const { 'content-encoding': _encoding, 'content-length': _length, ...headers } = received;
  return headers;
}
