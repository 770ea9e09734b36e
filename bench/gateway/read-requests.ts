import type { Socket } from 'node:net';

/** A request that has arrived completely. */
export interface UpstreamRequest {
  readonly path: string;
  /** The model that its body names, or null. */
  readonly model: string | null;
}

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/iu;
const MODEL = '"model":"';
const QUOTE = 0x22;

/** The model stands within this many bytes of a body, also where a gateway rebuilt the body. */
const MODEL_WITHIN = 4096;

/**
 * Calls back for each request on a connection, one at a time. It reads the model of a body and counts the other bytes.
 * A body without a length, or a request before the last answer, ends the connection.
 */
export function readRequests(socket: Socket, onRequest: (request: UpstreamRequest) => void): void {
  let rest: Buffer | null = null;
  let request: UpstreamRequest | null = null;
  let left = 0;

  socket.on('data', (bytes) => {
    if (request === null) {
      const buffer: Buffer = rest === null ? bytes : Buffer.concat([rest, bytes]);
      const begun = readStart(buffer);
      rest = begun === null ? buffer : null;
      if (begun === null) return;
      ({ request, left } = begun);
    } else left -= bytes.length;
    if (left > 0) return;
    if (left < 0) return void socket.destroy();
    const whole = request;
    request = null;
    onRequest(whole);
  });
}

/** Reads a request's first bytes, and how many more there are; null while there are too few. */
function readStart(buffer: Buffer): { request: UpstreamRequest; left: number } | null {
  const end = buffer.indexOf(HEAD_END);
  if (end === -1) return null;
  const head = buffer.toString('latin1', 0, end);
  const length = Number(LENGTH.exec(head)?.[1] ?? 0);
  const start = end + HEAD_END.length;
  const arrived = buffer.length - start;
  if (arrived < Math.min(length, MODEL_WITHIN)) return null;
  const path = head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/'));
  return { request: { path, model: readModel(buffer, start) }, left: length - arrived };
}

function readModel(buffer: Buffer, start: number): string | null {
  const within = buffer.subarray(start, start + MODEL_WITHIN);
  const at = within.indexOf(MODEL);
  if (at === -1) return null;
  const from = at + MODEL.length;
  return within.toString('latin1', from, within.indexOf(QUOTE, from));
}
