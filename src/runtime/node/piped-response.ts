import type { ServerResponse } from 'node:http';
import type { HeaderRecord } from '../../gateway/headers.ts';
import { toAnswerStream } from '../answer-stream.ts';
import type { RelayedAnswer } from '../relayed-answer.ts';

/**
 * A response whose body flows from an upstream's socket into a client's with nothing between. To whoever reads its body
 * instead it is a response as any other.
 */
export class PipedResponse extends Response {
  readonly #answer: RelayedAnswer;
  readonly #record: HeaderRecord;
  #headers: Headers | null = null;
  #body: ReadableStream<Uint8Array> | null = null;
  /** How much of the body was given to the client's connection, in bytes. */
  sent = 0;

  constructor(answer: RelayedAnswer, headers: HeaderRecord) {
    super(null, { status: answer.status });
    this.#answer = answer;
    this.#record = headers;
  }

  // Made where somebody wants to see them, which is seldom: they cost more than all that is decided about a request.
  override get headers(): Headers {
    // They may be copied into another answer, such as one to HEAD, that Node does not send in chunks.
    this.#headers ??= new Headers(withoutTrailer(this.#record));
    return this.#headers;
  }

  // @ts-expect-error: the types call a property what the standard makes an accessor, as it is here
  override get body(): ReadableStream<Uint8Array> {
    this.#body ??= toAnswerStream(this.#answer);
    return this.#body;
  }

  /** Sends it to a client, once. A client that goes away is for the transport to see. */
  sendTo(outgoing: ServerResponse): void {
    const answer = this.#answer;
    const headers = this.#headers ? Object.fromEntries(this.#headers) : this.#record;
    outgoing.writeHead(
      this.status,
      'trailer' in headers && !isChunked(outgoing, { status: this.status, headers })
        ? withoutTrailer(headers)
        : headers,
    );
    answer.flowInto({
      write: (bytes) => {
        this.sent += bytes.byteLength;
        const hasRoom = outgoing.write(bytes);
        if (!hasRoom) outgoing.once('drain', () => answer.resume());
        return hasRoom;
      },
      end: (bytes) => {
        this.sent += bytes?.byteLength ?? 0;
        outgoing.end(bytes ?? undefined);
      },
      // Whatever was promised, a length or a last chunk, does not come: the client sees that it was cut off. Without
      // either, which HTTP/1.0 has, only a reset tells.
      fail: () =>
        void (outgoing.chunkedEncoding || 'content-length' in this.#record
          ? outgoing.destroy()
          : outgoing.socket?.resetAndDestroy()),
    });
    // Headers do not wait for a first byte.
    if (outgoing.writableLength === 0 && !outgoing.writableEnded) outgoing.flushHeaders();
  }
}

/** Whether Node sends the body in chunks: it takes a `trailer` header in no other answer. */
function isChunked(
  { req, useChunkedEncodingByDefault }: ServerResponse,
  { status, headers }: { status: number; headers: HeaderRecord },
): boolean {
  const isBodiless = req.method === 'HEAD' || status === 204 || status === 304;
  return useChunkedEncodingByDefault && !isBodiless && !('content-length' in headers);
}

function withoutTrailer({ trailer: _trailer, ...headers }: HeaderRecord): HeaderRecord {
  return headers;
}
