import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { JsonReader } from '../../src/upstream/json-reader.ts';
import { inputs } from '../fuzz.ts';

/** Reads a text to the end; returns how it ended and what was read. */
function read(text: string, maxEntries = 1000) {
  const reader = new JsonReader(text, { list: 'data', maxEntries, depth: 0 });
  const steps = reader.read();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { end: step.value, value: reader.value };
  }
}

describe('JsonReader', () => {
  test('reads JSON as JSON.parse does, and reports text that ends too early', () => {
    const property = fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
      fc.nat(),
      fc.boolean(),
      (value, cut, isSpaced) => {
        const text = JSON.stringify(value, null, isSpaced ? 2 : 0);
        expect(read(text)).toEqual({ end: 'whole', value: JSON.parse(text) });
        expect(read(text.slice(0, cut % text.length)).end).toBe('cut-off');
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
    expect(['cut-off', 'broken']).toContain(read(text).end);
  });

  test('stops at the last entry that fits, and ignores the rest', () => {
    expect(read('{"object":"list","data":[1,2,3,4,5<<<', 3)).toEqual({
      end: 'full',
      value: { object: 'list', data: [1, 2, 3] },
    });
  });

  test('continues after other lists', () => {
    expect(read('{"models":[1,2,3,4],"data":[5]}', 2).value).toEqual({
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
    expect(read(`{"data":[${long},{"id":"b"}]}`).value).toEqual({
      data: [{ id: 'a', text, list: null, meta: { text, n: 1 } }, { id: 'b' }],
    });
  });

  test('reads JSON that is too deep for a recursive parser', () => {
    const nested = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    expect(read(`{"data":[{"a":${nested}},2],"b":${nested}}`).value).toMatchObject({
      data: [{ a: null }, 2],
    });
  });
});
