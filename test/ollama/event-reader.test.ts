import { describe, expect, it } from 'vitest';
import { EventReader } from '../../src/ollama/event-reader.ts';

/** Reads a stream in pieces of so many bytes. */
function read(text: string, size: number): string[] {
  const bytes = new TextEncoder().encode(text);
  const reader = new EventReader();
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    found.push(...reader.read(bytes.subarray(at, at + size)));
  }
  return [...found, ...reader.end()];
}

describe('EventReader', () => {
  it.each(['\n', '\r\n', '\r'])('reads the same events in pieces of any size, with %j', (end) => {
    const stream = [': é', '', 'data: {"a":', 'data:"日本🎉"}', '', 'event: x', 'data: 2', '', ''];
    const sizes = Array.from({ length: 60 }, (_, index) => index + 1);
    for (const size of sizes) {
      expect([size, read(stream.join(end), size)]).toEqual([size, ['{"a":\n"日本🎉"}', '2']]);
    }
  });

  it('ignores events without data', () => {
    expect(read('data:\n\ndata: \n\ndata: 1\n\n', 7)).toEqual(['1']);
  });

  it.each([
    ['line', 'x'],
    ['event of many lines', `data: ${'x'.repeat(1018)}\n`],
  ])('refuses an endless %s', (_what, part) => {
    const reader = new EventReader();
    const bytes = new TextEncoder().encode(part.repeat((1024 * 1024) / part.length));
    expect(() => {
      for (let times = 0; times < 20; times += 1) reader.read(bytes);
    }).toThrow('An event of the answer is too long.');
  });
});
