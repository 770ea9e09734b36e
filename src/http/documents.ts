import type { Context, TypedResponse } from 'hono';
import type { Rendering } from '../catalog/render-catalog.ts';

/** A rendered JSON document, ready to be sent. */
export interface Document {
  readonly body: Uint8Array<ArrayBuffer>;
  /** A weak validator: two documents that say the same apart from their times share it. */
  readonly etag: string;
}

/** Renders a source, or answers what was rendered of it before. */
export type ToDocument<Source> = (source: Source) => Document | Promise<Document>;

interface Rendered<Source> extends Rendering {
  readonly source: Source;
  document: Document | null;
}

/**
 * Makes a function that renders a source once, and answers the same document for as long as it is given the same
 * source. The document is there at once, and no promise, wherever its validator is known.
 */
export function createDocument<Source extends object>(
  render: (source: Source) => Rendering,
): ToDocument<Source> {
  let last: Rendered<Source> | null = null;
  return (source) => {
    if (last?.source !== source) last = toRendered({ source, ...render(source) }, last);
    // Who comes while a digest is made makes it too: requests share values, never promises.
    return last.document ?? finish(last);
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

/** Takes the validator over from the document before, where the new one says the same. */
function toRendered<Source>(
  next: Rendering & { readonly source: Source },
  last: Rendered<Source> | null,
): Rendered<Source> {
  const etag = last?.identity === next.identity ? last.document?.etag : undefined;
  return { ...next, document: etag === undefined ? null : toDocument(next.body, etag) };
}

async function finish<Source>(rendered: Rendered<Source>): Promise<Document> {
  const etag = await toEtag(new TextEncoder().encode(rendered.identity));
  return (rendered.document ??= toDocument(rendered.body, etag));
}

function toDocument(body: string, etag: string): Document {
  return { body: new TextEncoder().encode(body), etag };
}

/** A weak validator for whatever is said by these bytes. */
export async function toEtag(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  const hex = Array.from(new Uint8Array(digest, 0, 12), (byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return `W/"${hex.join('')}"`;
}
