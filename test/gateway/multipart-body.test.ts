import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { PaddockError } from '../../src/errors.ts';
import { readMultipartBody } from '../../src/gateway/multipart-body.ts';
import { readBoundary } from '../../src/gateway/multipart-headers.ts';
import { inputs } from '../fuzz.ts';
import {
  chunkings,
  collect,
  createSource,
  crlf,
  divide,
  FILE,
  MODEL,
  rewrite,
  sizes,
  toBytes,
  toText,
} from './multipart-forms.ts';

const CUT_OFF = /ends before its closing boundary/;
const NEW = 'small';
/** The fault of a form, found before or after its model. */
async function findFault(chunks: Uint8Array[]): Promise<PaddockError> {
  const source = createSource(chunks);
  const body = await readMultipartBody(source.stream, { boundary: 'B', hold: () => {} }).catch(
    (error: PaddockError) => error,
  );
  if (body instanceof PaddockError) {
    expect(source.stream.locked).toBe(false);
    return body;
  }
  expect(body.fault()).toBeNull();
  const failure = await collect(body.withModel(NEW)).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PaddockError);
  expect(body.fault()).toBe(failure);
  expect(source.seen.reason).toBeUndefined();
  return failure as PaddockError;
}

const LONG = `X: ${'x'.repeat(10 * 1024)}`;
const headed = (header: string) => `--B\n${header}\n\nlab/big\n--B--\n`;

describe('a form is passed on with only its model changed', () => {
  it.each([
    ['alone', `--B\n${MODEL}\n\nlab/big\n--B--\n`],
    ['before a file', `--B\n${MODEL}\n\nlab/big\n--B\n${FILE}\n\nwave\n--B--\n`],
    ['after a file', `--B\n${FILE}\n\nwave\n--B\n${MODEL}\n\nlab/big\n--B--\n`],
    ['between fields', `--B\n${FILE}\n\n\n--B\n${MODEL}\n\nlab/big\n--B\nX: y\n\n1\n--B--\n`],
    ['after a preamble', `--A\n-\n--BA\nx--B\n--B\n${MODEL}\n\nlab/big\n--B--\n`],
    ['before an epilogue', `--B\n${MODEL}\n\nlab/big\n--B--\nbye\n--B\n${MODEL}\n\nlab/big\n--B--`],
    ['without a final line break', `--B\n${MODEL}\n\nlab/big\n--B--`],
    ['with white space after boundaries', `--B \t\n${MODEL}\n\nlab/big\n--B--\t \n`],
    ['with white space at the very end', `--B\n${MODEL}\n\nlab/big\n--B-- \t`],
    [
      'after text that is almost a boundary',
      `--B\n${FILE}\n\n\r\r--B\n--\n--C\n--BC\n--B-\n--B-C\n-\n--B\n${MODEL}\n\nlab/big\n--B--`,
    ],
    [
      'after content that starts like a boundary',
      `--B\n${FILE}\n\n--BX\n--B\n${MODEL}\n\nlab/big\n--B--`,
    ],
    ['after an empty part without a line break', `--B\n${FILE}\n\n--B\n${MODEL}\n\nlab/big\n--B--`],
    ['after a part without headers', `--B\n\nmodel\n--B\n${MODEL}\n\nlab/big\n--B--`],
    [
      'after a file named model',
      `--B\n${MODEL}; filename="m"\n\nx\n--B\n${MODEL}\n\nlab/big\n--B--`,
    ],
    [
      'after a file with an encoded name',
      `--B\n${MODEL}; filename*=UTF-8''m\n\nx\n--B\n${MODEL}\n\nlab/big\n--B--`,
    ],
    ['with an empty filename', headed(`${MODEL}; filename=""`)],
    ['with a name without quotes', headed('Content-Disposition: form-data; name=model')],
    ['with headers in any case', headed('CONTENT-disposition:FORM-Data;NAME=model')],
    [
      'with white space around everything',
      headed('Content-Disposition: \tform-data ; name = "model" ;'),
    ],
    [
      'with further parameters',
      headed('Content-Disposition: form-data; x="a;\\"name=b"; name="model"'),
    ],
    ['with further headers', headed(`Content-Type: text/plain; charset=utf-8\n${MODEL}\nX-Y:`)],
    ['with a header over two lines', headed('Content-Disposition: form-data;\n\tname="model"')],
    ['with headers of 16 KiB', headed(`X: ${'x'.repeat(16 * 1024 - 53)}\n${MODEL}`)],
    ['with headers of 20 KiB in two parts', `--B\n${LONG}\n\n\n${headed(`${LONG}\n${MODEL}`)}`],
  ])('%s', async (_, template) => {
    for (const text of [crlf(template), template]) {
      const expected = text.replace(/(?<=model[^\0]*?\n\r?\n)lab\/big/u, NEW);
      expect(expected).not.toBe(text);
      for (const chunks of chunkings(toBytes(text))) {
        const { model, growth, bytes } = await rewrite(chunks);
        expect(toText(bytes)).toBe(expected);
        expect(model).toBe('lab/big');
        expect(growth).toBe(NEW.length - 'lab/big'.length);
      }
    }
  });

  it.each([
    ['empty', '', '\r\n'],
    ['with spaces around it', ' \tlab/big ', '\r\n'],
    ['with line breaks', '\r\nlab/\nbig\r\n', '\r\n'],
    ['that starts with a byte order mark', '\ufefflab', '\r\n'],
    ['beyond ASCII', 'läb/\u{1f999}', '\r\n'],
    ['similar to a boundary', '--BB\r\n--B-\r\n-', '\r\n'],
    ['of 4096 bytes', 'ä'.repeat(2048), '\r\n'],
    ['empty and without a line break', '', ''],
  ])('a model %s', async (...[, value, end]) => {
    const name = 'größer';
    const form = (model: string, after: string) =>
      crlf(`--B\n${MODEL}\n\n`) + model + after + '--B--\r\n';
    const expected = toBytes(form(name, '\r\n'));
    const given = toBytes(form(value, end));
    for (const chunks of chunkings(given)) {
      const { model, growth, bytes } = await rewrite(chunks, { name });
      expect(model).toBe(value);
      expect(toText(bytes)).toBe(toText(expected));
      expect(growth).toBe(expected.length - given.length);
    }
  });

  it.each([
    ['has no part', '', '--B--\n'],
    ['has a preamble and no part', 'hello\n', '--B--'],
    ['has only other fields', 'hello\n', `--B\n${FILE}\n\nwave\n--B--\nbye`],
    ['names another field', '', headed('Content-Disposition: form-data; name="models"')],
    ['names its field "Model"', '', headed('Content-Disposition: form-data; name="Model"')],
    ['has an attachment named model', '', headed('Content-Disposition: attachment; name="model"')],
    ['has the name in another header', '', headed('X-Disposition: form-data; name="model"')],
    ['has the name in a second header', '', headed(`Content-Disposition: form-data\n${MODEL}`)],
    [
      'has an unterminated quote in the name',
      '',
      headed('Content-Disposition: form-data; name="model'),
    ],
    ['has two names in one field', '', headed(`${MODEL}; name=file`)],
    ['has text after the name', '', headed(`${MODEL} x`)],
  ])('a model is added as the first field of a form that %s', async (...[, before, rest]) => {
    for (const lines of [crlf, (text: string) => text]) {
      // A form without line breaks gets CRLF.
      const added = (rest.includes('\n') ? lines : crlf)(`--B\n${MODEL}\n\n${NEW}\n`);
      for (const chunks of chunkings(toBytes(lines(before + rest)))) {
        const { model, growth, bytes } = await rewrite(chunks);
        expect(model).toBeNull();
        expect(toText(bytes)).toBe(lines(before) + added + lines(rest));
        expect(growth).toBe(added.length);
      }
    }
  });
});

const TWO = `${MODEL}\n\nlab/a\n--B\n${MODEL}\n\nlab/b`;

describe('a form is refused', () => {
  it.each([
    ['that is empty', '', /does not contain the boundary/, null],
    ['with another boundary', '--C\n--C--\n', /does not contain the boundary/, null],
    ['cut off in its boundary', '--B', /does not contain the boundary/, null],
    ['cut off after its boundary', '--B\n', CUT_OFF, null],
    ['cut off in its headers', `--B\n${MODEL}`, CUT_OFF, null],
    ['cut off in another part', `--B\n${FILE}\n\nwave`, CUT_OFF, null],
    ['cut off in its model', `--B\n${MODEL}\n\nlab/big`, CUT_OFF, null],
    ['cut off in the boundary after its model', `--B\n${MODEL}\n\nlab/big\n--B`, CUT_OFF, null],
    ['cut off after its model', `--B\n${MODEL}\n\nlab/big\n--B\n`, CUT_OFF, null],
    [
      'cut off in a file after its model',
      `--B\n${MODEL}\n\na\n--B\n${FILE}\n\nwave\n--B-`,
      CUT_OFF,
      null,
    ],
    ['with two models', `--B\n${TWO}\n--B--`, /two model fields/, 'model'],
    [
      'with two models around a file',
      `--B\n${TWO.replace('--B\n', `--B\n${FILE}\n\nx\n--B\n`)}\n--B--`,
      /two model/,
      'model',
    ],
    [
      'with a model of 4097 bytes',
      `--B\n${MODEL}\n\n${'x'.repeat(4097)}\n--B--`,
      /longer than 4096/,
      'model',
    ],
    [
      'with a model that never ends',
      `--B\n${MODEL}\n\n${'x'.repeat(5000)}`,
      /longer than 4096/,
      'model',
    ],
    ['with too many headers', headed(`X: ${'x'.repeat(16 * 1024 - 52)}\n${MODEL}`), /16 KiB/, null],
    ['with headers that never end', `--B\n${'x'.repeat(17 * 1024)}`, /16 KiB/, null],
    ['with a line that is not a header', headed(`${MODEL}\nlab/big`), /invalid header line/, null],
    ['with a header without a name', headed(`:\n${MODEL}`), /invalid header line/, null],
    ['that starts with a continuation line', headed(` x\n${MODEL}`), /invalid header line/, null],
    ['without an empty line before a boundary', '--B\n--B--\n', /invalid header line/, null],
    [
      'with text after a boundary',
      `--B\n${MODEL}\n\na\n--B x\n`,
      /continues with other text/,
      null,
    ],
    [
      'with text after its last boundary',
      `--B\n${MODEL}\n\na\n--B--x`,
      /continues with other text/,
      null,
    ],
    [
      'with 300 spaces after a boundary',
      `--B${' '.repeat(300)}\n`,
      /continues with other text/,
      null,
    ],
  ] as const)('%s', async (...[, template, message, param]) => {
    for (const chunks of chunkings(toBytes(crlf(template)))) {
      const fault = await findFault(chunks);
      expect(fault.message).toMatch(message);
      const code = message.source.includes('longer') ? 'invalid_model_id' : 'invalid_request';
      expect(fault).toMatchObject({ code, param });
    }
  });

  it.each([
    ['CRLF and then LF', `--B\r\n${MODEL}\r\n\r\na\r\n--B\n${FILE}\n\nb\n--B--\n`],
    ['LF and then CRLF', `--B\n${MODEL}\n\na\n--B--\r\n`],
  ])('whose boundaries end with %s', async (_, text) => {
    for (const chunks of chunkings(toBytes(text))) {
      expect((await findFault(chunks)).message).toMatch(/same line end/);
    }
  });

  test('whose model is not valid UTF-8', async () => {
    for (const value of [[0xff], [0x61, 0xc3], [0xed, 0xa0, 0x80]]) {
      const [head, tail] = [crlf(`--B\n${MODEL}\n\n`), '\r\n--B--\r\n'];
      const bytes = Uint8Array.of(...toBytes(head), ...value, ...toBytes(tail));
      for (const chunks of chunkings(bytes)) {
        expect((await findFault(chunks)).message).toMatch(/not valid UTF-8/);
      }
    }
  });

  test('before anything is sent, when the fault is in the bytes read so far', async () => {
    const { stream } = createSource([toBytes(crlf(`--B\n${TWO}\n--B--`))]);
    await expect(readMultipartBody(stream, { boundary: 'B', hold: () => {} })).rejects.toThrow(
      /two model fields/,
    );
  });
});

const PIECES = [
  '\r',
  '\n',
  '\r\n',
  '-',
  '--',
  '\r\n--',
  '\r\n--B',
  'B-',
  'ound',
  'Bound',
  '\r\n--Bound-',
  '\r\n--BoundX',
  '\r\n\r\n',
  MODEL,
];
const content = fc
  .array(fc.oneof(fc.constantFrom(...PIECES.map(toBytes)), fc.uint8Array({ maxLength: 20 })), {
    maxLength: 30,
  })
  .map((pieces) => new Uint8Array(Buffer.concat(pieces)));
const fieldName = fc.constantFrom('file', 'prompt', 'models', 'a"b', 'ä', 'language');

describe('any form', () => {
  test('whose content is full of boundary text keeps all bytes but the model', async () => {
    const ends = /\r\n--Bound(?:--|[ \t\r\n])/u;
    const valid = content.filter((bytes) => !ends.test(`\r\n${toText(bytes)}\r\n`));
    const part = fc.record({ bytes: valid, isFile: fc.boolean() });
    const parts = fc.tuple(fc.array(part, { maxLength: 5 }), fc.array(part, { maxLength: 5 }));
    const property = fc.asyncProperty(parts, sizes, async ([before, after], lengths) => {
      const write = (list: typeof before) =>
        list.flatMap(({ bytes, isFile }) => [
          toBytes(
            crlf(`--Bound\n${isFile ? FILE : 'Content-Disposition: form-data; name="x"'}\n\n`),
          ),
          bytes,
          toBytes('\r\n'),
        ]);
      const [head, tail] = [write(before), [...write(after), toBytes('--Bound--\r\n')]];
      const form = (model: string) =>
        new Uint8Array(
          Buffer.concat([...head, toBytes(crlf(`--Bound\n${MODEL}\n\n${model}\n`)), ...tail]),
        );
      const answer = await rewrite(divide(form('lab/big'), lengths), { boundary: 'Bound' });
      expect(answer.model).toBe('lab/big');
      expect(toText(answer.bytes)).toBe(toText(form(NEW)));
    });
    await fc.assert(property, inputs(200));
  });

  test('that FormData wrote is read by it with the new model', async () => {
    const field = fc.tuple(fieldName, fc.oneof(content, fc.string({ unit: 'binary' })));
    const fields = fc.array(field, { maxLength: 6 });
    const model = fc.option(
      fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !/[\r\n]/u.test(text)),
    );
    const property = fc.asyncProperty(
      fields,
      fields,
      model,
      sizes,
      async (before, after, value, lengths) => {
        const form = new FormData();
        const add = ([name, data]: (typeof before)[number]) =>
          typeof data === 'string'
            ? form.append(name, data)
            : form.append(name, new Blob([data]), `${name}.bin`);
        before.forEach(add);
        if (value !== null) form.append('model', value);
        after.forEach(add);
        const response = new Response(form);
        const contentType = response.headers.get('content-type') ?? '';
        const given = new Uint8Array(await response.arrayBuffer());
        const boundary = readBoundary(contentType) ?? '';

        const { model: found, bytes } = await rewrite(divide(given, lengths), { boundary });

        expect(found).toBe(value);
        const read = async (body: Uint8Array<ArrayBuffer>) => {
          const entries = [
            ...(await new Response(body, { headers: { 'content-type': contentType } }).formData()),
          ];
          return Promise.all(
            entries.map(async ([name, data]) =>
              typeof data === 'string'
                ? [name, data]
                : [name, data.name, data.type, toText(new Uint8Array(await data.arrayBuffer()))],
            ),
          );
        };
        const expected = value === null ? [['model', NEW]] : [];
        for (const entry of await read(given))
          expected.push(entry[0] === 'model' ? ['model', NEW] : entry);
        expect(await read(bytes)).toEqual(expected);
        const start = `--${boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\n`;
        const plain = (text: string, name: string) => text.replace(`${start}${name}\r\n`, '');
        const utf8 = toText(toBytes(value ?? ''));
        expect(plain(toText(bytes), NEW)).toBe(
          value === null ? toText(given) : plain(toText(given), utf8),
        );
      },
    );
    await fc.assert(property, inputs(200));
  });
});
