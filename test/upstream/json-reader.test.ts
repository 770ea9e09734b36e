import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { JsonReader } from '../../src/upstream/json-reader.ts';
import { inputs } from '../fuzz.ts';

function read(parts: readonly string[], mostEntries = 1000) {
  const reader = new JsonReader({ list: 'data', mostEntries, depth: 0 });
  for (const part of parts) {
    const steps = reader.push(part);
    while (steps.next().done !== true);
  }
  return reader;
}

describe('JsonReader', () => {
  test('reads JSON in parts of any size as JSON.parse does', () => {
    const property = fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      (value, size, isSpaced) => {
        const text = JSON.stringify(value, null, isSpaced ? 2 : 0);
        const parts = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
        expect(read(parts).end()).toEqual(JSON.parse(text));
      },
    );
    fc.assert(property, inputs(500));
  });

  it.each([
    '',
    ' ',
    '[]',
    'null',
    '{',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{"a":1 "b":2}',
    '{"a":1}}',
    '{"a":1}x',
    '{a:1}',
    '{"data":[1,]}',
    '{"data":[,1]}',
    '{"data":[1 2]}',
    '{"data":[1}',
    '{"data":[{"a":1]}',
    '{"data":[tru]}',
    '{"data":["a',
    '<html>',
  ])('refuses invalid JSON: %s', (text) => {
    expect(read([text]).end()).toBeNull();
  });

  test('stops at the last entry that fits, and ignores the rest', () => {
    const reader = read(['{"object":"list","data":[1,2,3,4,5', '<<<'], 3);
    expect([reader.isFull, reader.end()]).toEqual([true, { object: 'list', data: [1, 2, 3] }]);
  });

  test('continues after other lists', () => {
    expect(read(['{"models":[1,2,3,4],"data":[5]}'], 2).end()).toEqual({
      models: [1, 2],
      data: [5],
    });
  });

  test('drops long lists of an entry, and keeps its texts', () => {
    const text = 'x'.repeat(1 << 20);
    const long = JSON.stringify({
      id: 'a',
      text,
      list: Array(200_000).fill(1),
      meta: { text, n: 1 },
    });
    expect(read([`{"data":[${long},{"id":"b"}]}`]).end()).toEqual({
      data: [{ id: 'a', text, list: null, meta: { text, n: 1 } }, { id: 'b' }],
    });
  });

  test('reads JSON that is too deep for a recursive parser', () => {
    const nested = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    expect(read([`{"data":[{"a":${nested}},2],"b":${nested}}`]).end()).toMatchObject({
      data: [{ a: null }, 2],
    });
  });
});
