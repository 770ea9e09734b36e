import { describe, expect, it } from 'vitest';
import { GrowingBytes } from '../../src/gateway/growing-bytes.ts';

const MIB = 2 ** 20;

const WHOLE = Buffer.alloc(64 * MIB, 'some text that repeats; ');

/** Adds a body in pieces, and records the size of each allocated array. */
function grow(options: { length: number | null; maxBytes: number; total: number; piece: number }) {
  const { total, piece, ...rest } = options;
  const taken: number[] = [];
  const allocate = (bytes: number) => {
    taken.push(bytes);
    return new Uint8Array(bytes);
  };
  const bytes = new GrowingBytes({ ...rest, allocate });
  for (let at = 0; at < total; at += piece) {
    expect(bytes.add(WHOLE.subarray(at, Math.min(at + piece, total)))).toBe(true);
  }
  return { bytes, taken };
}

describe('GrowingBytes', () => {
  it('returns a single piece without a copy', () => {
    const bytes = new GrowingBytes({ length: null, maxBytes: MIB });
    expect(bytes.finish()).toEqual(new Uint8Array());
    const piece = Uint8Array.of(1, 2, 3);
    bytes.add(piece);
    expect(bytes.finish()).toBe(piece);
  });

  it.each([
    ['announced', 16 * MIB],
    ['not announced', null],
  ])('returns all pieces in order when the length is %s', (_, length) => {
    const total = 16 * MIB;
    const { bytes } = grow({ length, maxBytes: 64 * MIB, total, piece: 64 * 1024 - 1 });
    expect(WHOLE.subarray(0, total).equals(bytes.finish())).toBe(true);
  });

  it('allocates at most eight times the bytes that have arrived, for any announced length', () => {
    const announced = { length: 64 * MIB, maxBytes: 64 * MIB };
    expect(grow({ ...announced, total: 100, piece: 1 }).taken).toEqual([MIB / 8]);
    expect(grow({ ...announced, total: 2 * MIB, piece: 1000 }).taken).toEqual([
      MIB / 8,
      MIB,
      8 * MIB,
    ]);
    const all = grow({ ...announced, total: 64 * MIB, piece: MIB / 16 });
    expect(all.taken).toEqual([MIB / 8, MIB, 8 * MIB, 64 * MIB]);
    const length = 16 * MIB + 20;
    const odd = grow({ length, maxBytes: 64 * MIB, total: length, piece: MIB / 16 });
    expect(odd.taken.at(-1)).toBe(length);
    expect(odd.taken.at(-2)).toBeLessThan(length / 7);
  });

  it('refuses bytes beyond maxBytes', () => {
    const bytes = new GrowingBytes({ length: null, maxBytes: 10 });
    expect(bytes.add(new Uint8Array(10))).toBe(true);
    expect(bytes.add(new Uint8Array(1))).toBe(false);
  });
});
