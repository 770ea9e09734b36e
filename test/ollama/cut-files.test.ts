import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { cutFiles, pasteFiles } from '../../src/ollama/cut-files.ts';

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));
const image = () => randomBytes(100_000).toString('base64');

/** What is parsed, changed and serialized between cutting and pasting. */
function pass(body: unknown) {
  const { bytes, files } = cutFiles(encode(body));
  return {
    count: files.length,
    shortLength: bytes.length,
    body: decode(pasteFiles(JSON.stringify(decode(bytes)), files)),
  };
}

it('cuts large files out of a body and pastes them into what is made of it', () => {
  const body = {
    messages: [
      {
        content: 'a "quoted\\" text, \u{1F40E}',
        images: [image(), 'AAAA', `data:image/png;base64,${image()}`],
      },
      { content: 'b', images: [image()] },
    ],
  };
  const passed = pass(body);
  expect(passed).toMatchObject({ count: 3, body });
  expect(passed.shortLength).toBeLessThan(1000);
});

it('keeps the head of a file, which shows its type', () => {
  const { bytes } = cutFiles(encode({ images: [`iVBORw0KGgo${image()}`] }));
  expect(decode(bytes).images[0]).toMatch(/^iVBORw0KGgo/u);
});

it.each([
  ['small files', ['AAAA']],
  ['prose', ['a horse '.repeat(20_000)]],
  ['escapes', [`${'A'.repeat(100_000)}\n`]],
])('leaves %s in the body', (_what, texts) => {
  expect(pass({ texts })).toMatchObject({ count: 0, body: { texts } });
});

it('leaves a large text that is no element of an array, such as a model', () => {
  const body = { model: 'x'.repeat(100_000) };
  expect(pass(body)).toMatchObject({ count: 0, body });
});

it.each(['\uE0000\uE001', '\uE000'])('leaves a body whole that has a mark of its own', (mark) => {
  const body = { images: [image()], content: mark };
  expect(pass(body)).toMatchObject({ count: 0, body });
  const text = JSON.stringify(body).replaceAll('\uE000', String.raw`\ue000`);
  expect(cutFiles(new TextEncoder().encode(text)).files).toEqual([]);
});

it('leaves bytes that are no JSON as they are', () => {
  for (const text of ['', '"', '"'.repeat(3), `["${'A'.repeat(100_000)}`, '\\"'.repeat(50_000)]) {
    const bytes = new TextEncoder().encode(text);
    expect(cutFiles(bytes)).toEqual({ bytes, files: [] });
  }
});
