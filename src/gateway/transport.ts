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
  /** What follows it: the path and the query, as they are to be sent. */
  readonly path: string;
  readonly method: string;
  readonly headers: HeaderRecord;
  /** Bytes; or a stream, whose length `content-length` gives where it is known. */
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** The request this one is made for: when its client goes away, this one ends. */
  readonly client: Request;
  /** Without them it may take any time. */
  readonly timeouts?: UpstreamTimeouts;
  /** Whether the answer's body stays encoded, as the client accepts it. */
  readonly keepEncoding?: boolean;
}

/** Where an answer's way to the client is written down. */
export type AnswerRecord = Pick<Exchange, 'tail' | 'upstreamFailure'>;

/** An upstream's answer, of which the headers have arrived. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: HeaderRecord;
  /**
   * The answer to the client, under other headers. Its body flows as it comes, and no faster than the client reads; an
   * upstream that dies breaks the client's connection, and a client that goes away ends the upstream's.
   * @param record gets the upstream's failure; its tail gets the bytes where the response's body does not show them
   */
  toResponse(headers: HeaderRecord, record?: AnswerRecord): Response;
}

/**
 * How requests travel to upstreams: like `fetch`, but for what a runtime can do faster. It has no time limits of its own, follows no
 * redirect, sends nothing twice, and decodes what an upstream has compressed, except for `keepEncoding`.
 */
export interface Transport {
  /**
   * @throws {ClientGone} where the client went away first
   * @throws {UpstreamTimeout} where no headers came in time
   * @throws whatever kept the upstream from answering
   */
  send(request: UpstreamRequest): Promise<UpstreamAnswer>;
  /**
   * Asks for a WebSocket; absent where the runtime cannot pass one on. The answer with status 101 is one that the runtime's
   * server joins with the client's connection.
   * @throws as `send`
   */
  readonly upgrade?: (request: UpstreamRequest) => Promise<UpstreamAnswer>;
  /** Whether no file descriptors are left, where the runtime's own failures do not say so. */
  readonly isExhausted?: () => boolean;
}

/** Statuses whose answers have no body, by the Fetch standard. */
export const BODILESS: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

/** Options of a runtime's `fetch` that have it leave an answer's body encoded. The standard has none. */
type EncodedInit = Readonly<Record<string, unknown>>;

/** workerd would encode by itself a body that has an encoding; other runtimes ignore this option. */
const AS_IT_IS = { encodeBody: 'manual' };

/** The transport that every runtime has: its own `fetch`. */
export function createFetchTransport(options: {
  fetch: Fetch;
  clock: Pick<Clock, 'after'>;
  /** Options that leave an answer's body encoded; without them `keepEncoding` has no effect. */
  encodedInit?: EncodedInit;
}): Transport {
  const { fetch, clock, encodedInit = null } = options;
  return {
    send: async (request) => {
      const { base, path, method, headers, body, client, timeouts = NO_TIMEOUTS } = request;
      const encoded = request.keepEncoding === true ? encodedInit : null;
      // Of the client's signal no more is heard once headers have come: the runtime itself then sees a client go.
      const leaving = new AbortController();
      const leave = () => leaving.abort(new ClientGone());
      if (client.signal.aborted) throw new ClientGone();
      client.signal.addEventListener('abort', leave);
      const { firstByteMs, idleMs } = timeouts;
      const giveUp = () => leaving.abort(new UpstreamTimeout());
      let stopTimer = () => {};
      // A body that is still on its way is the client's time.
      const startTimer = () => {
        if (firstByteMs !== null && !hasHeaders) stopTimer = clock.after(firstByteMs, giveUp);
      };
      let hasHeaders = false;
      if (!(body instanceof ReadableStream)) startTimer();
      try {
        const response = await fetch(base + path, {
          method,
          headers,
          // Bytes are bytes to it, wherever they lie, and a stream needs `duplex`: the types say neither.
          body: (body instanceof ReadableStream
            ? breakOnFailure(body, { breakOff: leave, sent: startTimer })
            : body) as Uint8Array<ArrayBuffer> | null,
          ...(body instanceof ReadableStream && { duplex: 'half' }),
          redirect: 'manual',
          signal: leaving.signal,
          ...encoded,
        });
        return toAnswer(response, { idleMs, giveUp, clock, isEncoded: encoded !== null });
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
 * The same stream, but for its failure: workerd would end the request as if it were whole, and so it is broken off. An
 * upstream that takes no more of it is no failure of the client's.
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
    isEncoded,
  }: {
    idleMs: number | null;
    giveUp: () => void;
    clock: Pick<Clock, 'after'>;
    isEncoded: boolean;
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
  const isDecoded = !isEncoded && 'content-encoding' in received;
  return {
    status,
    headers: isDecoded ? toDecodedHeaders(received) : received,
    toResponse(headers, record) {
      const init = { status, headers, ...(isEncoded && AS_IT_IS) };
      if (idleMs === null || body === null) return new Response(body, init);
      const timedOut = () => {
        if (record !== undefined) record.upstreamFailure = 'timed_out';
        giveUp();
      };
      return new Response(limitIdle(body, { idleMs, timedOut, clock }), init);
    },
  };
}

/** The headers of an answer that was compressed and is so no longer. */
export function toDecodedHeaders(received: HeaderRecord): HeaderRecord {
  const { 'content-encoding': _encoding, 'content-length': _length, ...headers } = received;
  return headers;
}
