import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputs } from '../fuzz.ts';
import {
  CLOSE,
  FrameScanner,
  readClosePayload,
  toClosePayload,
  toFrame,
} from '../../src/runtime/web-socket-frames.ts';

const MASK = Buffer.from([1, 2, 3, 4]);

/** Scans bytes in pieces of a size. Returns the opcode and the payload of each frame. */
function scan(bytes: Buffer, size: number) {
  const frames: { opcode: number; payload: Buffer }[] = [];
  let pieces: Uint8Array[] = [];
  const scanner = new FrameScanner({
    payload: (piece) => void pieces.push(piece),
    end: ({ opcode }) => {
      frames.push({ opcode, payload: Buffer.concat(pieces) });
      pieces = [];
    },
  });
  const between: boolean[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    scanner.scan(bytes.subarray(at, at + size));
    between.push(scanner.isBetweenFrames);
  }
  return { frames, between, sawClose: scanner.sawClose };
}

describe('FrameScanner', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])(
    'reads a frame of %i bytes in pieces of any size',
    (length) => {
      const payload = Buffer.alloc(length, 'a');
      const bytes = toFrame({ opcode: 2, payload, mask: null });
      for (const size of [1, 2, 7, 4096, bytes.length]) {
        const { frames, between } = scan(bytes, size);
        expect(frames.map(({ opcode }) => opcode)).toEqual([2]);
        expect(frames[0]?.payload.equals(payload)).toBe(true);
        expect(between.indexOf(true)).toBe(between.length - 1);
      }
    },
  );

  it('finds the boundaries of any frames, masked or not', () => {
    const frame = fc.record({
      opcode: fc.constantFrom(0, 1, 2, 9, 10),
      payload: fc.uint8Array({ maxLength: 300 }),
      mask: fc.constantFrom(null, MASK),
    });
    fc.assert(
      fc.property(fc.array(frame), fc.integer({ min: 1, max: 400 }), (sent, size) => {
        const { frames, sawClose } = scan(Buffer.concat(sent.map(toFrame)), size);
        expect(frames.map(({ opcode }) => opcode)).toEqual(sent.map(({ opcode }) => opcode));
        expect(frames.map(({ payload }) => payload.length)).toEqual(
          sent.map(({ payload }) => payload.length),
        );
        expect(sawClose).toBe(false);
      }),
      inputs(200),
    );
  });

  it('sees a close frame when it is complete', () => {
    const payload = toClosePayload({ code: 1001, reason: 'bye' });
    const bytes = toFrame({ opcode: CLOSE, payload, mask: MASK });
    expect(scan(bytes.subarray(0, -1), 3).sawClose).toBe(false);
    expect(scan(bytes, 3).sawClose).toBe(true);
  });
});

it('toFrame masks the payload', () => {
  const frame = toFrame({ opcode: 1, payload: Buffer.from('hello'), mask: MASK });
  const masked = frame.subarray(6).map((byte, at) => byte ^ (MASK[at % 4] ?? 0));
  expect(Buffer.from(masked).toString()).toBe('hello');
  expect([...frame.subarray(0, 6)]).toEqual([0x81, 0x85, ...MASK]);
});

it.each([
  { code: 4001, reason: 'reason ✓' },
  { code: 1000, reason: '' },
  { code: null, reason: '' },
])('toClosePayload writes $code and "$reason" as readClosePayload reads them', (closing) => {
  expect(readClosePayload(toClosePayload(closing))).toEqual(closing);
});
