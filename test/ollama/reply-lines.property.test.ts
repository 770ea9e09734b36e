import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplyLines } from '../../src/ollama/reply-lines.ts';
import { inputs } from '../fuzz.ts';

const SOURCE = {
  route: 'chat',
  model: 'm',
  provider: 'p',
  elapsed: () => 1,
  now: () => '2026-11-28T12:00:00.000Z',
} as const;

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const newline = fc.constantFrom('\n', '\r\n', '\r');

/** Converts a stream that arrives in these pieces. */
function convert(pieces: readonly Uint8Array[]) {
  const lines = new ReplyLines(SOURCE);
  const written = pieces.map((piece) => lines.add(piece)).join('') + lines.end();
  return {
    state: lines.state,
    lines: written
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  };
}

function split(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const offsets = [
    0,
    ...at.map((one) => one % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return offsets.slice(1).map((end, index) => bytes.subarray(offsets[index], end));
}

test('every text arrives once and in order, wherever the stream is split', () => {
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 8 }),
      newline,
      fc.array(fc.nat(), { maxLength: 30 }),
      (texts, end, at) => {
        const events = texts.map((content) =>
          JSON.stringify({ choices: [{ delta: { content } }] }),
        );
        const stream = [...events, '[DONE]']
          .map((data) => `: note${end}data: ${data}${end}${end}`)
          .join('');
        const { state, lines } = convert(split(new TextEncoder().encode(stream), at));
        expect(state).toBe('complete');
        expect(lines.map(({ message }) => message.content)).toEqual([...texts, '']);
      },
    ),
    inputs(500),
  );
});

test('any bytes give lines of JSON, and the last says how the reply ended', () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc
      .constantFrom(
        'data: {}\n\n',
        'data:[]\n\n',
        'data: null\n\n',
        '{"error":"e"}\n',
        'data: [DONE]\n\n',
      )
      .map((line) => new TextEncoder().encode(line)),
    fc.json().map((json) => new TextEncoder().encode(`data: ${json}\n\n`)),
  );
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 10 }), (pieces) => {
      const { state, lines } = convert(pieces);
      const last = lines.at(-1);
      if (state === 'complete') expect(last).toMatchObject({ done: true });
      else expect(last).toEqual({ error: expect.any(String) });
      expect(lines.filter(({ done, error }) => done === true || error !== undefined)).toEqual([
        last,
      ]);
    }),
    inputs(2000),
  );
});
