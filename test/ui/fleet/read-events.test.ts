import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../../../ui/fleet/read-events.ts';

const encoder = new TextEncoder();

/** A body of these pieces. `null` is an endless pause. */
function bodyOf(...pieces: (string | Uint8Array | null)[]) {
  const state = { cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = pieces.shift();
      if (piece === undefined) return controller.close();
      if (piece === null) return new Promise(() => {});
      controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece);
    },
    cancel: () => void (state.cancelled = true),
  });
  return { body, state };
}

async function readAll(body: ReadableStream<Uint8Array>, options = {}) {
  const events = [];
  for await (const { event, data } of readEvents(body, options)) events.push([event, data]);
  return events;
}

describe('events are read', () => {
  const bytes = encoder.encode('data: grüße 🐎\n\n');
  it.each([
    [
      'one at a time',
      ['event: a\ndata: 1\n\n', 'data: 2\n\n'],
      [
        ['a', '1'],
        [undefined, '2'],
      ],
    ],
    [
      'several from one piece',
      ['data: 1\n\ndata: 2\n\n'],
      [
        [undefined, '1'],
        [undefined, '2'],
      ],
    ],
    ['divided at any byte', ['ev', 'ent: a\nda', 'ta: 1\n', '\n'], [['a', '1']]],
    ['divided within a character', [bytes.slice(0, 9), bytes.slice(9)], [[undefined, 'grüße 🐎']]],
    ['with comments between them', [': alive\n\n', 'data: 1\n\n', ':\n'], [[undefined, '1']]],
    ['in llama-swap’s form', ['event:message\ndata:{"a":1}\n\n'], [['message', '{"a":1}']]],
    [
      'with a last one without a blank line',
      ['data: 1\n\ndata: 2'],
      [
        [undefined, '1'],
        [undefined, '2'],
      ],
    ],
  ])('%s', async (_name, pieces, expected) => {
    expect(await readAll(bodyOf(...pieces).body)).toEqual(expected);
  });
});

it('reports lines outside of events, with or without a line break', async () => {
  const stray: string[] = [];
  const onStray = (line: string) => void stray.push(line);
  const { body } = bodyOf('data: 1\n\n{"error":"no"}\n', '{"src":"llama-swap","error":"end"}');
  await readAll(body, { onStray });
  expect(stray).toEqual(['{"error":"no"}', '{"src":"llama-swap","error":"end"}']);
});

describe('a silent stream', () => {
  it.each([
    ['before the first event', [null], { firstMs: 20, thenMs: 60_000 }],
    ['after an event', ['data: 1\n\n', null], { firstMs: 60_000, thenMs: 20 }],
  ])('is abandoned and cancelled %s', async (_name, pieces, silence) => {
    const { body, state } = bodyOf(...pieces);
    await expect(readAll(body, { silence })).rejects.toThrow('timed out');
    await sleep(1);
    expect(state.cancelled).toBe(true);
  });
});

it('cancels the request when the reader stops', async () => {
  const { body, state } = bodyOf('data: 1\n\n', 'data: 2\n\n', null);
  for await (const { data } of readEvents(body)) if (data === '1') break;
  expect(state.cancelled).toBe(true);
});
