import type { IncomingMessage } from 'node:http';
import { inTime } from '../gateway/read-bytes.ts';
import { systemClock } from './system-clock.ts';

/** The most bytes of an unread body that are dropped: many clients send all before they read the response. */
const MAX_BYTES = 64 * 1024 * 1024;

/** How long that may take, in milliseconds: of known length, of unknown length, and if it is not received. */
const KNOWN_MS = 60_000;
const UNKNOWN_MS = 10_000;
const LINGER_MS = 500;

/** How long the client may pause while its body is dropped, in milliseconds. */
const PAUSE_MS = 5_000;

/** How many bodies of unknown length are dropped at a time on Bun, which keeps them as garbage for a while. */
const MAX_CONCURRENT = 16;

let dropping = 0;

/** Returns how long the rest of a body is received, in milliseconds. */
function toDropMs({ status, length }: { status: number; length: number | null }): number {
  const isTooSlow = status === 408;
  if (isTooSlow || (length ?? 0) > MAX_BYTES) return LINGER_MS;
  return length === null ? UNKNOWN_MS : KNOWN_MS;
}

function toLength(text: string | null | undefined, isChunked: boolean): number | null {
  return text === null || text === undefined || isChunked ? null : Number(text);
}

/** Drops the rest of a request's body on Node, and closes the connection if that exceeds the limits. */
export async function dropIncoming(incoming: IncomingMessage, status: number): Promise<void> {
  const { headers, socket } = incoming;
  const length = toLength(headers['content-length'], headers['transfer-encoding'] !== undefined);
  // A reader that gave up would pause the stream again.
  incoming.removeAllListeners('data');
  const pieces: AsyncIterator<Buffer> = incoming[Symbol.asyncIterator]();
  if (!(await drain(() => pieces.next(), toDropMs({ status, length })))) socket.destroySoon();
}

/** Drops the rest of a body on Bun. Returns false if it cannot: the connection then has to be closed. */
export async function dropBody({ headers, body }: Request, status: number): Promise<boolean> {
  const length = toLength(headers.get('content-length'), headers.has('transfer-encoding'));
  const ms = toDropMs({ status, length });
  if (ms === LINGER_MS || body?.locked === true) return false;
  // Bun itself drops a body that arrives after the response, and its known length limits that.
  if (length !== null || body === null) return true;
  if (dropping >= MAX_CONCURRENT) return false;
  dropping += 1;
  const reader = body.getReader();
  return drain(() => reader.read(), ms).finally(() => (dropping -= 1));
}

type Read = () => Promise<{ readonly done?: boolean; readonly value?: Uint8Array | undefined }>;

/** Reads the body to its end. Returns false if it exceeds the limits or breaks off. */
async function drain(read: Read, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (let bytes = 0; bytes <= MAX_BYTES;) {
    const leftMs = Math.min(PAUSE_MS, deadline - performance.now());
    const piece = await inTime(read(), { clock: systemClock, withinMs: leftMs }).catch(() => null);
    if (piece === null) return false;
    if (piece.done === true) return true;
    bytes += piece.value?.byteLength ?? 0;
  }
  return false;
}
