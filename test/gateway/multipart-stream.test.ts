import { describe, expect, it, test } from 'vitest';
import { readMultipartBody } from '../../src/gateway/multipart-body.ts';
import { collect, createSource, crlf, FILE, MODEL, rewrite, toBytes } from './multipart-forms.ts';

const NEW = 'small';
const HEAD = toBytes(crlf(`--B\n${MODEL}\n\nlab/big\n--B\n${FILE}\n\n`));
const CHUNK = crypto.getRandomValues(new Uint8Array(64 * 1024));

function* largeForm(count: number) {
  yield HEAD;
  for (let index = 0; index < count; index++) yield CHUNK;
  yield toBytes('\r\n--B--\r\n');
}

describe('a stream', () => {
  test('is pulled no faster than its copy is read', async () => {
    const { stream, seen } = createSource(largeForm(1024));
    const body = await readMultipartBody(stream, { boundary: 'B', hold: () => {} });
    const copy = body.withModel(NEW).getReader();
    expect(seen.pulls).toBe(1);
    let length = 0;
    for (let files = 0; ;) {
      const { done, value } = await copy.read();
      if (done) break;
      length += value.length;
      // The same object, not a copy.
      if (value === CHUNK) expect(seen.pulls).toBe(++files + 1);
    }
    expect(seen.pulls).toBe(1027);
    expect(length).toBe(HEAD.length + body.growth(NEW) + 64 * 1024 * 1024 + '\r\n--B--\r\n'.length);
    expect(body.fault()).toBeNull();
  });

  test('is pulled only when more of its copy is read', async () => {
    const { stream, seen } = createSource(largeForm(9));
    const copy = (await readMultipartBody(stream, { boundary: 'B', hold: () => {} }))
      .withModel(NEW)
      .getReader();
    for (const pulls of [1, 1, 1, 2, 3]) {
      await copy.read();
      await new Promise((resolve) => setImmediate(resolve));
      expect(seen.pulls).toBe(pulls);
    }
  });

  test('has no fault when its copy is cancelled', async () => {
    const stalled = new ReadableStream<Uint8Array>({ start: (to) => to.enqueue(HEAD) });
    const body = await readMultipartBody(stalled, { boundary: 'B', hold: () => {} });
    const copy = body.withModel(NEW).getReader();
    for (let piece = 0; piece < 3; piece += 1) await copy.read();
    const waiting = copy.read();
    await new Promise((resolve) => setImmediate(resolve));
    await copy.cancel();
    await waiting;
    await new Promise((resolve) => setImmediate(resolve));
    expect(body.fault()).toBeNull();
  });

  test('is copied without empty chunks', async () => {
    const none = new Uint8Array();
    const { stream } = createSource([
      none,
      HEAD,
      none,
      none,
      CHUNK,
      none,
      toBytes('\r\n--B--'),
      none,
    ]);
    const body = await readMultipartBody(stream, { boundary: 'B', hold: () => {} });
    const lengths: number[] = [];
    for await (const chunk of body.withModel(NEW)) lengths.push(chunk.length);
    expect(lengths).not.toContain(0);
    expect(lengths).toContain(CHUNK.length);
  });

  test('keeps the chunks before the model without a copy', async () => {
    const head = toBytes(crlf(`--B\n${FILE}\n\n`));
    const tail = toBytes(crlf(`\n--B\n${MODEL}\n\nlab/big\n--B--\n`));
    const { stream } = createSource([head, CHUNK, CHUNK, tail]);
    const copy = (await readMultipartBody(stream, { boundary: 'B', hold: () => {} }))
      .withModel(NEW)
      .getReader();
    await copy.read();
    const { value } = await copy.read();
    expect(value?.buffer).toBe(CHUNK.buffer);
  });

  it.each(['\r', '\n', '-', '\r\n', '\r\n--', '\r\n--B-', '\r\n--BX', '\rx'])(
    'of repeated %j is copied unchanged',
    async (piece) => {
      const chunk = toBytes(piece.repeat(2 ** 20));
      const { bytes } = await rewrite([HEAD, chunk, chunk, toBytes('\r\n--B--')]);
      expect(bytes.length).toBe(HEAD.length - 2 + 2 * chunk.length + '\r\n--B--'.length);
    },
  );

  test('is cancelled with the reason of its copy', async () => {
    const { stream, seen } = createSource(largeForm(3));
    const copy = (await readMultipartBody(stream, { boundary: 'B', hold: () => {} }))
      .withModel(NEW)
      .getReader();
    await copy.read();
    const reason = new Error('gone');
    await copy.cancel(reason);
    expect(seen).toEqual({ pulls: 1, reason });
  });

  test('that fails before its model rejects the read', async () => {
    const error = new Error('hung up');
    const { stream } = createSource([HEAD.subarray(0, 20)], error);
    await expect(readMultipartBody(stream, { boundary: 'B', hold: () => {} })).rejects.toBe(error);
    expect(stream.locked).toBe(false);
  });

  test('that fails after its model fails its copy', async () => {
    const error = new Error('hung up');
    const body = await readMultipartBody(createSource([HEAD, CHUNK], error).stream, {
      boundary: 'B',
      hold: () => {},
    });
    await expect(collect(body.withModel(NEW))).rejects.toBe(error);
    expect(body.fault()).toBeNull();
  });
});
