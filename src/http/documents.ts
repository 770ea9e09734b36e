import type { Context, TypedResponse } from 'hono';
import type { PartedRendering, Rendering } from '../catalog/render-catalog.ts';
import { AT_ONCE, type Slices, type Work } from '../catalog/slices.ts';
import type { Steps } from '../catalog/steps.ts';

/** A rendered JSON document, ready to be sent. */
export interface Document {
  readonly body: Uint8Array<ArrayBuffer>;
  /** A weak validator: two documents that say the same apart from their times share it. */
  readonly etag: string;
}

/** Renders a source, or answers what was rendered of it before. */
export type ToDocument<Source> = (source: Source) => Promise<Document>;

interface Rendered extends PartedRendering {
  /** Null until its validator is known. */
  document: Document | null;
  /** Whether a request makes its validator, or has made it. */
  isHashed: boolean;
}

/**
 * Makes a function that renders a source once, and answers the same document for as long as it is given the same
 * source.
 */
export function createDocument<Source extends object>(
  render: (source: Source) => Rendering,
): ToDocument<Source> {
  const toParts = ({ body, identity }: Rendering) => ({ body: [body], identity: [identity] });
  return createLargeDocument((source) => toParts(render(source)), AT_ONCE);
}

/** The same for what may be large: other requests are served between the steps of rendering it. */
export function createLargeDocument<Source extends object>(
  render: (source: Source) => PartedRendering | Steps<PartedRendering>,
  slices: Pick<Slices, 'begin' | 'finish' | 'pause'>,
): ToDocument<Source> {
  let last: { readonly source: Source; readonly work: Work<Rendered> } | null = null;
  function begin(source: Source): Work<Rendered> {
    const before = last?.work.result?.value ?? null;
    const work = slices.begin(toRendered(render(source), before));
    last = { source, work };
    return work;
  }
  return async (source) => {
    const rendered = await slices.finish(last?.source === source ? last.work : begin(source));
    return rendered.document ?? finishDocument(rendered, slices);
  };
}

/** An answer of JSON of some shape, for typed clients. */
export type JsonResponse<Shape> = Response & TypedResponse<Shape, 200, 'json'>;

/** Sends a document, or 304 where the client has it. */
export function sendDocument<Shape>(c: Context, { body, etag }: Document): JsonResponse<Shape> {
  const known = c.req.header('if-none-match');
  const isKnown = known !== undefined && matchesEtag(known, etag);
  // A response of its own, with headers as they are: the context's would be copied one by one.
  const response = isKnown
    ? new Response(null, { status: 304, headers: { etag, 'cache-control': 'no-cache' } })
    : new Response(body, {
        headers: { etag, 'cache-control': 'no-cache', 'content-type': 'application/json' },
      });
  return response as JsonResponse<Shape>;
}

/** Whether an `If-None-Match` names a validator, in the weak comparison of RFC 9110, section 13.1.2. */
export function matchesEtag(header: string, etag: string): boolean {
  if (header === etag) return true;
  const opaque = (tag: string) => tag.trim().replace(/^W\//u, '');
  return header.trim() === '*' || header.split(',').some((tag) => opaque(tag) === opaque(etag));
}

/** A document of no more characters is hashed as a whole, and by each request that comes meanwhile. */
const SMALL = 1024 * 1024;

/** How many parts are encoded or compared in one step. */
const STEP = 4;

/** How often a request looks whether another one has made a large document's validator, before it makes it too. */
const MOST_LOOKS = 500;

/** Takes the validator over from the document before, where the new one says the same. */
function* toRendered(
  rendering: PartedRendering | Steps<PartedRendering>,
  before: Rendered | null,
): Steps<Rendered> {
  const { body, identity } = 'body' in rendering ? rendering : yield* rendering;
  const isSame = before !== null && (yield* equals(identity, before.identity));
  const etag = isSame ? before.document?.etag : undefined;
  const document = etag === undefined ? null : { body: joinBytes(yield* encode(body)), etag };
  return { body, identity, document, isHashed: document !== null };
}

async function finishDocument(
  rendered: Rendered,
  slices: Pick<Slices, 'begin' | 'finish' | 'pause'>,
): Promise<Document> {
  // Requests share values, never promises: who comes while a small one is hashed hashes it too.
  const isSmall = rendered.identity.reduce((sum, { length }) => sum + length, 0) <= SMALL;
  for (let looks = 0; !isSmall && rendered.isHashed && looks < MOST_LOOKS; looks += 1) {
    if (rendered.document !== null) return rendered.document;
    await slices.pause();
  }
  rendered.isHashed = true;
  const parts = isSmall ? [rendered.identity.join('')] : rendered.identity;
  const etag = await toEtagOf(await slices.finish(slices.begin(encode(parts))));
  const body = joinBytes(await slices.finish(slices.begin(encode(rendered.body))));
  return (rendered.document ??= { body, etag });
}

function* equals(one: readonly string[], other: readonly string[]): Steps<boolean> {
  if (one.length !== other.length) return false;
  for (const [index, part] of one.entries()) {
    if (part !== other[index]) return false;
    if (index % STEP === STEP - 1) yield;
  }
  return true;
}

function* encode(parts: readonly string[]): Steps<Uint8Array<ArrayBuffer>[]> {
  const encoder = new TextEncoder();
  const encoded: Uint8Array<ArrayBuffer>[] = [];
  for (const [index, part] of parts.entries()) {
    encoded.push(encoder.encode(part));
    if (index % STEP === STEP - 1) yield;
  }
  return encoded;
}

function joinBytes(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A weak validator for whatever is said by these bytes. */
export function toEtag(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toEtagOf([bytes]);
}

/** The same for bytes in parts, of which each is hashed by itself. */
async function toEtagOf(parts: readonly Uint8Array<ArrayBuffer>[]): Promise<string> {
  const digests: Uint8Array<ArrayBuffer>[] = [];
  for (const part of parts) {
    digests.push(new Uint8Array(await crypto.subtle.digest('SHA-256', part)));
  }
  if (digests.length > 1) return toEtag(joinBytes(digests));
  const hex = Array.from(digests[0]?.subarray(0, 12) ?? [], (byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return `W/"${hex.join('')}"`;
}
