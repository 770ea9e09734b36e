import type { ServerResponse } from 'node:http';
import type { HeaderRecord } from '../../gateway/headers.ts';
import { toAnswerStream } from '../web-response.ts';
import type { RelayedAnswer } from '../relayed-answer.ts';

/** A response whose body flows from socket to socket. A reader of its body sees an ordinary response. */
export class PipedResponse extends Response {
  readonly #answer: RelayedAnswer;
  readonly #record: HeaderRecord;
  #headers: Headers | null = null;
  #body: ReadableStream<Uint8Array> | null = null;
  /** The number of body bytes written to the client's connection. */
  sent = 0;

  constructor(answer: RelayedAnswer, headers: HeaderRecord) {
    super(null, { status: answer.status });
    this.#answer = answer;
    this.#record = headers;
  }

  // Created only when read, which is rare: they cost more than all decisions about a request.
  override get headers(): Headers {
    // They may be copied into another response that Node does not send in chunks, such as one to HEAD.
    this.#headers ??= new Headers(withoutTrailer(this.#record));
    return this.#headers;
  }

  // @ts-expect-error: the types declare a property, but the standard has an accessor, as here
  override get body(): ReadableStream<Uint8Array> {
    this.#body ??= toAnswerStream(this.#answer);
    return this.#body;
  }

  /** Sends the response to a client, once. The transport handles a client that disconnects. */
  sendTo(outgoing: ServerResponse): void {
    const answer = this.#answer;
    const headers = this.#headers ? Object.fromEntries(this.#headers) : this.#record;
    outgoing.writeHead(
      this.status,
      'trailer' in headers && !isChunked(outgoing, { status: this.status, headers })
        ? withoutTrailer(headers)
        : headers,
    );
    answer.pipeTo({
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
      // The announced length or the last chunk does not arrive, so the client sees that the response was cut off.
      // Without either, as in HTTP/1.0, only a reset shows it.
      fail: () =>
        void (outgoing.chunkedEncoding || 'content-length' in this.#record
          ? outgoing.destroy()
          : outgoing.socket?.resetAndDestroy()),
    });
    // Headers do not wait for the first byte of the body.
    if (outgoing.writableLength === 0 && !outgoing.writableEnded) outgoing.flushHeaders();
  }
}

/** Whether Node sends the body in chunks: it accepts a `trailer` header in no other response. */
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
