import type { Context } from 'hono';
import { getMimeType } from 'hono/utils/mime';
import { ALREADY_ENCODED } from '../../gateway/fetch-transport.ts';
import { matchesEtag, toEtag } from '../documents.ts';
import { toNotFound } from '../not-found.ts';
import { ENDINGS, pickEncodings, type Encoding } from '../pick-encodings.ts';

/** Reads a file of the built user interface by its path, such as `/picker.js.br`; null if it does not exist. */
export type ReadAsset = (path: string) => Promise<Uint8Array<ArrayBuffer> | null>;

/** Headers of every file. Browsers must trust its content type, and send no referrer. */
const GUARDS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

/** Sends a file, compressed if possible. With `no-cache` it has a validator, and may be a 304. Throws `not_found`. */
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
      ...ALREADY_ENCODED,
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
    // A file without an ending is a license.
    'content-type': getMimeType(path) ?? 'text/plain; charset=utf-8',
    'content-length': String(byteLength),
    ...(encoding !== null && { 'content-encoding': encoding }),
  };
}
