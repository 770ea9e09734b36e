import type { Context, TypedResponse } from 'hono';
import type { Rendering } from '../catalog/render-catalog.ts';
import { createSharedWork, type Slices } from '../catalog/slices.ts';
import { joinBytes } from '../join-bytes.ts';
import type { Steps } from '../steps.ts';

/** A rendered JSON document, ready to send. */
export interface Document {
  readonly body: Uint8Array<ArrayBuffer>;
  /** A weak validator: two documents that differ only in their times share it. */
  readonly etag: string;
}

/** Renders a source, or returns its earlier document. */
export type ToDocument<Source> = (source: Source) => Promise<Document>;

interface Rendered extends Rendering {
  /** Null until the validator is known. */
  document: Document | null;
  /** Whether a request is computing the validator, or has computed it. */
  isHashed: boolean;
}

/** Creates a function that renders a source in steps, once for as long as it gets the same source. */
export function createDocument<Source>({
  slices,
  render,
  isSame = Object.is,
}: {
  slices: Slices;
  render: (source: Source) => Rendering | Steps<Rendering>;
  isSame?: (a: Source, b: Source) => boolean;
}): ToDocument<Source> {
  const toShared = createSharedWork<Source, Rendered>({
    slices,
    isSame,
    start: (source, before) => toRendered(render(source), before),
  });
  return async (source) => {
    const rendered = await toShared(source);
    return rendered.document ?? finishDocument(rendered, slices);
  };
}

/** A JSON answer with a given shape, for typed clients. */
export type JsonResponse<Shape> = Response & TypedResponse<Shape, 200, 'json'>;

/** Sends a document, or 304 if the client has it already. */
export function sendDocument<Shape>(c: Context, { body, etag }: Document): JsonResponse<Shape> {
  const known = c.req.header('if-none-match');
  const isKnown = known !== undefined && matchesEtag(known, etag);
  // Create the response directly: the context would copy the headers one by one.
  const response = isKnown
    ? new Response(null, { status: 304, headers: { etag, 'cache-control': 'no-cache' } })
    : new Response(body, {
        headers: { etag, 'cache-control': 'no-cache', 'content-type': 'application/json' },
      });
  return response as JsonResponse<Shape>;
}

/** Whether an `If-None-Match` header names a validator. Source: weak comparison, RFC 9110, section 13.1.2. */
export function matchesEtag(header: string, etag: string): boolean {
  if (header === etag) return true;
  const opaque = (tag: string) => tag.trim().replace(/^W\//u, '');
  return header.trim() === '*' || header.split(',').some((tag) => opaque(tag) === opaque(etag));
}

/** Up to this many characters, a document is hashed as a whole, by every request that arrives meanwhile. */
const SMALL = 1024 * 1024;

/** How many parts one step encodes or compares. */
const STEP = 4;

/** How often a request checks whether another has computed a large document's validator, before it computes its own. */
const MAX_POLLS = 500;

/** Keeps the validator of the previous document if the content is the same. */
function* toRendered(
  rendering: Rendering | Steps<Rendering>,
  before: Rendered | null,
): Steps<Rendered> {
  const { body, identity } = 'body' in rendering ? rendering : yield* rendering;
  const isSame = before !== null && (yield* equals(identity, before.identity));
  const etag = isSame ? before.document?.etag : undefined;
  const document = etag === undefined ? null : { body: joinBytes(yield* encode(body)), etag };
  return { body, identity, document, isHashed: document !== null };
}

async function finishDocument(rendered: Rendered, slices: Slices): Promise<Document> {
  // Requests share values, never promises: each request that arrives while a small document is hashed hashes it too.
  const isSmall = rendered.identity.reduce((sum, { length }) => sum + length, 0) <= SMALL;
  for (let polls = 0; !isSmall && rendered.isHashed && polls < MAX_POLLS; polls += 1) {
    if (rendered.document !== null) return rendered.document;
    await slices.pause();
  }
  rendered.isHashed = true;
  const { body: texts, identity } = rendered;
  const parts = isSmall ? [identity.join('')] : identity;
  const encoded = await slices.run(encode(parts));
  const etag = await toEtagOf(encoded);
  const body = joinBytes(texts === identity ? encoded : await slices.run(encode(texts)));
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

/** Returns a weak validator for the content of these bytes. */
export function toEtag(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toEtagOf([bytes]);
}

/** Like `toEtag`, for bytes in parts. Each part is hashed separately. */
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
