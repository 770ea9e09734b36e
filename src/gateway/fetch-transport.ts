import type { Clock } from '../clock.ts';
import type { Fetch } from '../fetch.ts';
import { findStatusFault } from '../upstream/invalid-answer.ts';
import {
  BODILESS,
  ClientGone,
  NO_TIMEOUTS,
  toDecodedHeaders,
  UpstreamTimeout,
  type Transport,
  type UpstreamAnswer,
} from './transport.ts';

/** Without it, workerd encodes again a body that has a content encoding. Other runtimes ignore this option. */
export const ALREADY_ENCODED = { encodeBody: 'manual' };

/** Creates the transport for any runtime, from the runtime's own `fetch`. */
export function createFetchTransport(options: {
  fetch: Fetch;
  clock: Pick<Clock, 'after'>;
  /** The runtime's own options that leave an answer's body encoded. Without them `keepEncoding` has no effect. */
  encodedInit?: Readonly<Record<string, unknown>>;
  /** Whether the runtime decodes an encoding, by its name in the header. By default it decodes all that it is sent. */
  decodes?: (encoding: string) => boolean;
}): Transport {
  const { fetch, clock, encodedInit = null, decodes = () => true } = options;
  return {
    send: async (request) => {
      const { base, path, method, headers, body, client, timeouts = NO_TIMEOUTS } = request;
      const encoded = request.keepEncoding === true ? encodedInit : null;
      // Listen to the client's signal only until the headers arrive: after that the runtime itself handles a disconnect.
      const controller = new AbortController();
      const onClientGone = () => controller.abort(new ClientGone());
      if (client.signal.aborted) throw new ClientGone();
      client.signal.addEventListener('abort', onClientGone);
      const { firstByteMs, idleMs } = timeouts;
      const onTimeout = () => controller.abort(new UpstreamTimeout());
      let stopTimer = () => {};
      // The timer starts after the body is sent: the time to send it depends on the client.
      const startTimer = () => {
        if (firstByteMs !== null && !hasHeaders) stopTimer = clock.after(firstByteMs, onTimeout);
      };
      let hasHeaders = false;
      if (!(body instanceof ReadableStream)) startTimer();
      try {
        const response = await fetch(base + path, {
          method,
          headers,
          // `fetch` accepts any bytes, and a stream needs `duplex`; the types do not declare either.
          body: (body instanceof ReadableStream
            ? abortOnFailure(body, { onFailure: onClientGone, sent: startTimer })
            : body) as Uint8Array<ArrayBuffer> | null,
          ...(body instanceof ReadableStream && { duplex: 'half' }),
          redirect: 'manual',
          signal: controller.signal,
          ...encoded,
        });
        const encoding = response.headers.get('content-encoding');
        const isDecoded = encoded === null && encoding !== null && decodes(encoding);
        return toAnswer(response, { idleMs, onTimeout, clock, isDecoded });
      } catch (error) {
        throw controller.signal.aborted ? controller.signal.reason : error;
      } finally {
        hasHeaders = true;
        stopTimer();
        client.signal.removeEventListener('abort', onClientGone);
      }
    },
  };
}

/** Returns the same stream with a callback for its failure, which workerd would send on as its end. */
function abortOnFailure(
  body: ReadableStream<Uint8Array>,
  { onFailure, sent }: { onFailure: () => void; sent: () => void },
) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  body
    .pipeTo(writable, { preventAbort: true })
    .then(sent)
    .catch(() => body.getReader().closed.catch(onFailure));
  return readable;
}

interface Answering {
  readonly idleMs: number | null;
  readonly onTimeout: () => void;
  readonly clock: Pick<Clock, 'after'>;
  readonly isDecoded: boolean;
}

function toAnswer(response: Response, answering: Answering): UpstreamAnswer {
  const { idleMs, onTimeout, clock, isDecoded } = answering;
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
      const init = { status, headers, ...(!isDecoded && ALREADY_ENCODED) };
      if (idleMs === null || body === null) return new Response(body, init);
      const timedOut = () => {
        if (record !== undefined) record.upstreamFailure = 'timed_out';
        onTimeout();
      };
      return new Response(limitIdle(body, { idleMs, timedOut, clock }), init);
    },
  };
}

/** Returns the same body, which fails if the upstream sends nothing for `idleMs` while the client reads. */
function limitIdle(
  body: ReadableStream<Uint8Array>,
  options: { idleMs: number; timedOut: () => void; clock: Pick<Clock, 'after'> },
): ReadableStream<Uint8Array> {
  const { idleMs, timedOut, clock } = options;
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const stopTimer = clock.after(idleMs, () => {
          timedOut();
          controller.error(new UpstreamTimeout());
        });
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } finally {
          stopTimer();
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
