// WebSocket frames (RFC 6455, section 5): their boundaries and contents.

/** Opcodes. CLOSE and above are control frames. */
export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** Close codes: the server stops; a message is invalid; a message is too large. */
export const GOING_AWAY = 1001;
export const PROTOCOL_ERROR = 1002;
export const TOO_LARGE = 1009;

/** The head of a frame. */
export interface FrameHead {
  readonly opcode: number;
  /** Whether this is the last frame of its message. */
  readonly isFinal: boolean;
  readonly isMasked: boolean;
  /** The reserved bits, which only extensions use. */
  readonly reserved: number;
  readonly length: number;
}

interface FrameSink {
  begin?(head: FrameHead): void;
  /** A piece of the payload as it was sent, still masked if the frame is. */
  payload?(bytes: Uint8Array): void;
  end?(head: FrameHead): void;
}

const MAX_HEAD_BYTES = 14;

/** Finds the frames in one direction of a connection, however the bytes are split. */
export class FrameScanner {
  readonly #sink: FrameSink;
  readonly #bytes = Buffer.alloc(MAX_HEAD_BYTES);
  #filled = 0;
  #head: FrameHead | null = null;
  /** The number of payload bytes still to come. */
  #left = 0;
  sawClose = false;

  constructor(sink: FrameSink = {}) {
    this.#sink = sink;
  }

  /** Whether the last scanned byte was the last byte of a frame. */
  get isBetweenFrames(): boolean {
    return this.#head === null && this.#filled === 0;
  }

  scan(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#head === null) {
        this.#bytes[this.#filled] = bytes[at] ?? 0;
        this.#filled += 1;
        at += 1;
        this.#begin();
      } else {
        const piece = bytes.subarray(at, at + this.#left);
        at += piece.length;
        this.#left -= piece.length;
        this.#sink.payload?.(piece);
        if (this.#left === 0) this.#end(this.#head);
      }
    }
  }

  /** Begins a frame when its head is complete. */
  #begin(): void {
    const [first = 0, second = 0] = this.#bytes;
    const short = second & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const maskBytes = (second & 0x80) === 0 ? 0 : 4;
    if (this.#filled < 2 + lengthBytes + maskBytes) return;
    const length =
      lengthBytes === 0
        ? short
        : lengthBytes === 2
          ? this.#bytes.readUInt16BE(2)
          : Number(this.#bytes.readBigUInt64BE(2));
    const head = {
      opcode: first & 0x0f,
      isFinal: (first & 0x80) !== 0,
      isMasked: maskBytes > 0,
      reserved: first & 0x70,
      length,
    };
    this.#filled = 0;
    this.#head = head;
    this.#left = length;
    this.#sink.begin?.(head);
    if (length === 0) this.#end(head);
  }

  #end(head: FrameHead): void {
    this.#head = null;
    if (head.opcode === CLOSE) this.sawClose = true;
    this.#sink.end?.(head);
  }
}

/** A frame to send: a whole message or a control frame. */
interface SentFrame {
  readonly opcode: number;
  readonly payload: Uint8Array;
  /** Four random bytes for a frame to a server, null for a frame to a client. */
  readonly mask: Uint8Array | null;
}

/** Returns the bytes of a frame. */
export function toFrame({ opcode, payload, mask }: SentFrame): Buffer<ArrayBuffer> {
  const head = toHead(opcode, payload.length);
  if (mask === null) return Buffer.concat([head, payload]);
  head.writeUInt8(head.readUInt8(1) | 0x80, 1);
  const frame = Buffer.concat([head, mask, payload]);
  const start = head.length + mask.length;
  for (let at = start; at < frame.length; at += 1) {
    frame[at] = (frame[at] ?? 0) ^ (mask[(at - start) % 4] ?? 0);
  }
  return frame;
}

function toHead(opcode: number, length: number): Buffer<ArrayBuffer> {
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.from([first, length]);
  if (length < 0x10000) return Buffer.from([first, 126, length >> 8, length & 0xff]);
  const head = Buffer.alloc(10);
  head.writeUInt16BE((first << 8) | 127);
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

/** Why a WebSocket was closed. */
export interface Closing {
  /** Null if no code was given. */
  readonly code: number | null;
  readonly reason: string;
}

/** Returns the payload of a close frame. */
export function toClosePayload({ code, reason }: Closing): Buffer<ArrayBuffer> {
  if (code === null) return Buffer.alloc(0);
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return payload;
}

/** Reads the payload of a close frame. */
export function readClosePayload(payload: Buffer): Closing {
  if (payload.length < 2) return { code: null, reason: '' };
  return { code: payload.readUInt16BE(), reason: payload.toString('utf8', 2) };
}
