import { Readable } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PaddockError } from '../../src/errors.ts';
import { readBytes } from '../../src/gateway/read-bytes.ts';
import { readModelBody } from '../../src/gateway/read-body.ts';
import { readIncoming } from '../../src/runtime/node/read-incoming.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { inputs } from '../fuzz.ts';
import {
  chunkings,
  collect,
  createSource,
  crlf,
  divide,
  FILE,
  MODEL,
  sizes,
  toBytes,
  toText,
} from './multipart-forms.ts';

const NEW = 'small';
const MAX_BYTES = 2000;

/** The model and the body that was sent, one character per byte, or the code of the error. */
type Outcome = { readonly model: string | null; readonly sent: string } | { code: string };

/** Ways to read a body: with or without a content length, by web streams or by Node's streams. */
const WAYS = [
  { announced: true, node: false },
  { announced: false, node: false },
  { announced: true, node: true },
  { announced: false, node: true },
];

async function send(
  chunks: Uint8Array[],
  { announced, node, contentType }: (typeof WAYS)[number] & { contentType: string },
): Promise<Outcome> {
  const size = chunks.reduce((sum, { length }) => sum + length, 0);
  const headers = {
    'content-type': contentType,
    ...(announced ? { 'content-length': String(size) } : { 'transfer-encoding': 'chunked' }),
  };
  // Node's streams end at an empty chunk. Copies, because bodies are edited in place.
  const copy = () => chunks.filter(({ length }) => length > 0).map((chunk) => Buffer.from(chunk));
  const client = new Request('http://paddock.test/', {
    method: 'POST',
    body: createSource(copy()).stream,
    duplex: 'half',
  } as RequestInit);
  const inbound = {
    readBytes: node
      ? (_client: Request, limits: Parameters<typeof readBytes>[1]) =>
          readIncoming(Readable.from(copy()) as IncomingMessage, limits)
      : readBytes,
  };
  try {
    const body = await readModelBody(client, {
      headers,
      maxBytes: MAX_BYTES,
      withinMs: 60_000,
      hold: () => {},
      clock: systemClock,
      inbound,
    });
    const { body: sent, length: announcedLength } = body.withModel(NEW, { maxTokens: false });
    const bytes = sent instanceof ReadableStream ? await collect(sent) : (sent ?? new Uint8Array());
    if (announcedLength !== null) expect(announcedLength).toBe(bytes.length);
    return { model: body.model, sent: toText(bytes) };
  } catch (error) {
    if (!(error instanceof PaddockError)) throw error;
    expect(error.status === 400 || error.status === 413).toBe(true);
    return { code: error.code };
  }
}

/** Checks that two bodies differ in the name of the model only: they share everything before and after it. */
function checkRest(given: string, { model, sent }: { model: string | null; sent: string }): void {
  const shorter = Math.min(given.length, sent.length);
  let head = 0;
  while (head < shorter && given[head] === sent[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && given.at(-1 - tail) === sent.at(-1 - tail)) tail += 1;
  const gone = given.slice(head, given.length - tail);
  const written = toText(toBytes(model ?? ''));
  // In JSON the name may have escapes.
  if (gone.includes('\\')) expect(gone.length).toBeLessThanOrEqual(written.length * 6);
  else expect(written).toContain(gone);
  if (model !== null) expect(`${NEW}\r\n`).toContain(sent.slice(head, sent.length - tail));
}

async function checkBody(
  bytes: Uint8Array,
  options: { contentType: string; lengths: Iterable<number> },
) {
  const { contentType, lengths } = options;
  const [way, ...others] = WAYS;
  const first = await send([bytes], { ...(way ?? { announced: true, node: false }), contentType });
  const [whole = [], single = []] = chunkings(bytes);
  for (const chunks of [divide(bytes, lengths), single, whole]) {
    for (const other of others) {
      expect(await send(chunks, { ...other, contentType })).toEqual(first);
    }
  }
  if ('sent' in first) checkRest(toText(bytes), first);
  return 'sent' in first ? 'sent' : 'refused';
}

const JSON_SCRAPS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"model"',
    ':',
    '"lab/big"',
    ',',
    '"a":1',
    '\\',
    '"',
    ' ',
    'null',
    '-0.1e9',
  ],
  ...['\ufeff', '"mod\\u0065l"', '{"model":"lab/big","messages":[]}', '"'.padEnd(500, 'x')],
];
const FORM_SCRAPS = [
  ...[
    '--B',
    '\r\n',
    '\r\n\r\n',
    '\n',
    '--',
    '\r\n--B\r\n',
    '\r\n--B--\r\n',
    MODEL,
    FILE,
    'lab/big',
  ],
  ...[crlf(`--B\n${MODEL}\n\nlab/big\n`), crlf(`--B\n${FILE}\n\nwave\n`), 'x'.repeat(500), '--B--'],
];
const fromScraps = (scraps: readonly string[]) =>
  fc
    .array(
      fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...scraps.map(toBytes)) },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }) },
      ),
      { maxLength: 9 },
    )
    .map((pieces) => new Uint8Array(Buffer.concat(pieces)));

/** A valid body with a few bytes removed or inserted. */
const mangled = (valid: string) =>
  fc
    .array(
      fc.record({
        at: fc.nat(valid.length),
        gone: fc.nat(2),
        put: fc.uint8Array({ maxLength: 2 }),
      }),
      { maxLength: 2 },
    )
    .map((edits) =>
      edits.reduce(
        (bytes, { at, gone, put }) =>
          Uint8Array.of(...bytes.subarray(0, at), ...put, ...bytes.subarray(at + gone)),
        toBytes(valid),
      ),
    );

describe('any bytes in any chunks are refused with one code, or passed on with only the model changed,', () => {
  test.each([
    ['as JSON', 'application/json', JSON_SCRAPS, '{"a":[1],"model":"lab/big","b":"\\"}"}'],
    [
      'as a form',
      'multipart/form-data; boundary=B',
      FORM_SCRAPS,
      crlf(`--B\n${FILE}\n\nwave\n--B\n${MODEL}\n\nlab/big\n--B--\n`),
    ],
  ])('%s', async (_form, contentType, scraps, valid) => {
    const seen = { sent: 0, refused: 0 };
    const bytes = fc.oneof(fromScraps(scraps), mangled(valid));
    const property = fc.asyncProperty(bytes, sizes, async (given, lengths) => {
      seen[await checkBody(given, { contentType, lengths })] += 1;
    });
    const runs = inputs(150);
    await fc.assert(property, runs);
    expect(Math.min(seen.sent, seen.refused)).toBeGreaterThan(runs.numRuns / 8);
  });
});
