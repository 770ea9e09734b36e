import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Edit, spliceBytes } from '../../src/gateway/splice-bytes.ts';
import { inputs } from '../fuzz.ts';

const patch = fc.record({
  kept: fc.uint8Array({ maxLength: 12 }),
  gone: fc.uint8Array({ maxLength: 6 }),
  bytes: fc.uint8Array({ maxLength: 6 }),
});

test('any edits give the same bytes as joining the pieces', () => {
  const property = fc.property(
    fc.array(patch, { maxLength: 5 }),
    fc.uint8Array(),
    (patches, tail) => {
      const edits: Edit[] = [];
      const before: Uint8Array[] = [];
      const after: Uint8Array[] = [];
      let at = 0;
      for (const { kept, gone, bytes } of patches) {
        before.push(kept, gone);
        after.push(kept, bytes);
        edits.push({ start: at + kept.length, end: at + kept.length + gone.length, bytes });
        at += kept.length + gone.length;
      }

      const given = new Uint8Array(Buffer.concat([...before, tail]));
      const expected = Buffer.concat([...after, tail]);
      const result = spliceBytes(given, edits);
      expect(Buffer.from(result).equals(expected)).toBe(true);
      expect(result.buffer === given.buffer).toBe(
        edits.length === 0 || expected.length <= given.length,
      );
    },
  );
  fc.assert(property, inputs(2000));
});

test('the longest unchanged part is not moved', () => {
  const bytes = new Uint8Array(100).fill(7);
  const [x, y] = [Uint8Array.of(1), Uint8Array.of(2, 2)];
  const result = spliceBytes(bytes, [
    { start: 2, end: 8, bytes: x },
    { start: 90, end: 95, bytes: y },
  ]);
  expect([result.byteOffset, result.length]).toEqual([5, 92]);
});
