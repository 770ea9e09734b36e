import type { Context } from 'hono';
import { getMimeType } from 'hono/utils/mime';
import { matchesEtag, toEtag } from '../documents.ts';
import { toNotFound } from '../not-found.ts';
import { ENDINGS, pickEncodings, type Encoding } from '../pick-encodings.ts';

/** Reads a file of the built user interface by its path, such as `/picker.js.br`; null where there is none. */
export type ReadAsset = (path: string) => Promise<Uint8Array<ArrayBuffer> | null>;

/** What browsers are told of every file: to take it for what it is said to be, and to tell nobody where a link stood. */
const GUARDS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

/** workerd would compress by itself what is said to be compressed; the other runtimes know no such option. */
const AS_IT_IS = { encodeBody: 'manual' };

/**
 * Sends a file, compressed as the client takes it where there is such a copy. One that may be kept but not trusted gets a
 * validator, and 304 for who has it.
 * @throws {PaddockError} `not_found`
 */
export async function sendAsset(
  c: Context,
  asset: { read: ReadAsset; path: string; headers: Readonly<Record<string, string>> },
): Promise<Response> {
  const { read, path } = asset;
  for (const encoding of [...pickEncodings(c.req.header('accept-encoding')), null]) {
    const bytes = await read(path + (encoding === null ? '' : ENDINGS[encoding]));
    if (bytes === null) continue;
    const headers: Record<string, string> = {
      ...GUARDS,
      vary: 'accept-encoding',
      ...asset.headers,
    };
    if (headers['cache-control'] === 'no-cache') headers['etag'] = await toEtag(bytes);
    const known = c.req.header('if-none-match');
    if (
      known !== undefined &&
      headers['etag'] !== undefined &&
      matchesEtag(known, headers['etag'])
    ) {
      return new Response(null, { status: 304, headers });
    }
    const init = {
      headers: { ...headers, ...describeBytes(bytes, { path, encoding }) },
      ...AS_IT_IS,
    };
    return new Response(bytes, init);
  }
  throw toNotFound(c.req.path);
}

function describeBytes(
  { byteLength }: Uint8Array,
  { path, encoding }: { path: string; encoding: Encoding | null },
): Record<string, string> {
  return {
    // What has no ending is a license.
    'content-type': getMimeType(path) ?? 'text/plain; charset=utf-8',
    'content-length': String(byteLength),
    ...(encoding !== null && { 'content-encoding': encoding }),
  };
}
