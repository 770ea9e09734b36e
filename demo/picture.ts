import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

const SIDE = 64;

/** Returns a PNG of 64 by 64 pixels that depends only on the seed: bands between two colours. */
export function paintPicture(seed: string): Buffer {
  const hash = createHash('sha256').update(seed).digest();
  const [r = 0, g = 0, b = 0, r2 = 0, g2 = 0, b2 = 0, across = 0, down = 0] = hash;
  const rows = Buffer.alloc(SIDE * (1 + SIDE * 3));
  let at = 0;
  for (let y = 0; y < SIDE; y += 1) {
    at += 1; // each row begins with its filter: 0, none
    for (let x = 0; x < SIDE; x += 1) {
      const share = (1 + Math.sin((x * (across + 32) + y * (down + 32)) / 1024)) / 2;
      for (const [from, to] of [
        [r, r2],
        [g, g2],
        [b, b2],
      ] as const) {
        rows[at] = Math.round(from + (to - from) * share);
        at += 1;
      }
    }
  }
  return toPng(rows);
}

function toPng(rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header.set([8, 2], 8); // 8 bits for each of red, green and blue
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    toPngChunk('IHDR', header),
    toPngChunk('IDAT', deflateSync(rows)),
    toPngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function toPngChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(toCrc(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

/** Returns the checksum of a PNG chunk. */
function toCrc(bytes: Buffer): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0);
  }
  return ~crc >>> 0;
}
