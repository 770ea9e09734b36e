import type { IncomingMessage } from 'node:http';

/**
 * The maximum size of an unread request body that is received and dropped, in bytes. Many clients read no response
 * before they have sent the whole body. Closing the connection earlier would lose the response.
 */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * How long that may take, in milliseconds: for a body of known length, for a body of unknown length, and for a body
 * that is not received.
 */
const KNOWN_MS = 60_000;
const UNKNOWN_MS = 10_000;
const LINGER_MS = 500;

/** How long the client may pause while its body is dropped, in milliseconds. */
const PAUSE_MS = 5_000;

/**
 * How many bodies of unknown length are dropped at the same time on Bun, which keeps the read bytes as garbage for a
 * while.
 */
const MOST_AT_A_TIME = 16;

let dropping = 0;

/** Returns how long the rest of a body is received, in milliseconds. */
function toDropMs({ status, length }: { status: number; length: number | null }): number {
  const isTooSlow = status === 408;
  if (isTooSlow || (length ?? 0) > MOST_BYTES) return LINGER_MS;
  return length === null ? UNKNOWN_MS : KNOWN_MS;
}

function toLength(text: string | null | undefined, isChunked: boolean): number | null {
  return text === null || text === undefined || isChunked ? null : Number(text);
}

/** Drops the rest of a request's body on Node, and closes the connection if that exceeds the bounds. */
export function dropIncoming(incoming: IncomingMessage, status: number): void {
  const { headers, socket } = incoming;
  const isChunked = headers['transfer-encoding'] !== undefined;
  const length = toLength(headers['content-length'], isChunked);
  let bytes = 0;
  const stop = () => {
    clearTimeout(deadline);
    clearTimeout(pause);
  };
  const close = () => {
    stop();
    socket.destroySoon();
  };
  const deadline = setTimeout(close, toDropMs({ status, length })).unref();
  const pause = setTimeout(close, PAUSE_MS).unref();
  // A reader that gave up would pause the stream again.
  incoming.removeAllListeners('data');
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) close();
    else pause.refresh();
  });
  incoming.once('close', stop).once('error', stop).resume();
}

/**
 * Drops the rest of a request's body on Bun and waits for its end. Returns false if the body exceeds the limits or can
 * no longer be read: the connection then has to be closed.
 */
export async function dropBody({ headers, body }: Request, status: number): Promise<boolean> {
  const length = toLength(headers.get('content-length'), headers.has('transfer-encoding'));
  const ms = toDropMs({ status, length });
  if (ms === LINGER_MS || body?.locked === true) return false;
  // Bun itself drops a body that arrives after the response, and its known length limits that.
  if (length !== null || body === null) return true;
  if (dropping >= MOST_AT_A_TIME) return false;
  dropping += 1;
  return drain(body.getReader(), performance.now() + ms).finally(() => (dropping -= 1));
}

/** Reads the body to its end. Returns false if it exceeds the limits. */
async function drain(reader: Reader, deadline: number): Promise<boolean> {
  for (let bytes = 0; bytes <= MOST_BYTES && performance.now() < deadline;) {
    const piece = await readWithin(reader, PAUSE_MS);
    if (piece === null) return false;
    if (piece.done) return true;
    bytes += piece.value.byteLength;
  }
  return false;
}

type Reader = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read'>;

/** Returns the next piece; null if it does not arrive in time or the body broke off. */
async function readWithin(reader: Reader, milliseconds: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, milliseconds, null);
  });
  try {
    return await Promise.race([reader.read(), late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
