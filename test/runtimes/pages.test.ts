import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, type Reply } from '../call.ts';
import { ROOT, RUNTIMES, type Instance, type Runtime } from './runtimes.ts';

const ASSETS = join(ROOT, 'dist/assets');
const PARTS = readdirSync(join(ASSETS, 'console'));
const partOf = (ending: string) => `/console/${PARTS.find((name) => name.endsWith(ending))}`;

const CONSOLE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const GUARDS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };
const IMMUTABLE = { 'cache-control': 'public, max-age=31536000, immutable' };

/** Each path, its file if the name differs, and its own headers. */
const PAGES: [path: string, file: string, headers: Record<string, string>][] = [
  [
    '/',
    'index.html',
    {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': CONSOLE_POLICY,
    },
  ],
  [partOf('.css'), '', { 'content-type': 'text/css; charset=utf-8', ...IMMUTABLE }],
  [partOf('.svg'), '', { 'content-type': 'image/svg+xml; charset=utf-8', ...IMMUTABLE }],
  [
    '/picker.js',
    '',
    {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    },
  ],
  [
    '/docs',
    'docs/index.html',
    { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
  ],
  ['/docs/swagger-ui-bundle.js', '', { 'content-type': 'text/javascript; charset=utf-8' }],
];

function unpack({ headers, body }: Reply): Buffer {
  const encoding = headers['content-encoding'];
  if (encoding === 'br') return brotliDecompressSync(body);
  return encoding === 'gzip' ? gunzipSync(body) : body;
}

describe.each(RUNTIMES)('pages on %s', (_name, make) => {
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    runtime = await make();
    paddock = await runtime.start({ API_KEYS: 'k3y', CORS_ORIGINS: 'https://a.example' });
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
  });
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    call(paddock.url + path, { method, headers });

  it.each(PAGES)('include %s without a key', async (path, file, own) => {
    const plain = readFileSync(join(ASSETS, file === '' ? path : file));
    for (const [accepted, encoding] of [
      ['br, gzip, deflate, zstd', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, gzip;q=0.5', 'gzip'],
      ['identity', undefined],
    ] as const) {
      const reply = await get(path, { 'accept-encoding': accepted });
      expect([accepted, reply.status]).toEqual([accepted, 200]);
      expect(reply.headers).toMatchObject({ ...GUARDS, ...own });
      expect(reply.headers.vary?.toLowerCase()).toContain('accept-encoding');
      expect([accepted, reply.headers['content-encoding']]).toEqual([accepted, encoding]);
      expect(unpack(reply).equals(plain)).toBe(true);
    }
    const head = await get(path, { 'accept-encoding': 'br' }, 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers).toMatchObject({ ...GUARDS, ...own });
  });

  it('return 304 for the picker’s ETag in every encoding', async () => {
    for (const accepted of ['br', 'gzip', 'identity']) {
      const first = await get('/picker.js', { 'accept-encoding': accepted });
      const known = {
        'accept-encoding': accepted,
        'if-none-match': String(first.headers['etag']),
      };
      const again = await get('/picker.js', known);
      expect([again.status, again.body.length]).toEqual([304, 0]);
      expect(again.headers['access-control-allow-origin']).toBe('*');
    }
  });

  it.each([
    '/console/nothing.js',
    '/console',
    '/console/a/b.js',
    '/console/..%2findex.html',
    '/console/%00',
    `${partOf('.css')}.br`,
    '/docs/..%2fpicker.js',
    '/docs/nothing',
  ])('return 404 for %s in the common error shape', async (path) => {
    const reply = await get(path);
    expect(reply.status).toBe(404);
    expect(JSON.parse(reply.text)).toMatchObject({ src: 'paddock', error: { code: 'not_found' } });
  });

  it.each(['/index.html', '/picker.js.br', '/docs.html'])('require a key for %s', async (path) => {
    expect((await get(path)).status).toBe(401);
  });
});
