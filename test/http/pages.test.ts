import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAssetReader } from '../../src/runtime/open-app.ts';
import { makeApp, makeFolder } from '../make-app.ts';

/** An app with these files. The content of each file is its path. */
function makePages(...paths: string[]) {
  const root = makeFolder();
  for (const path of paths) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), path);
  }
  const app = makeApp({}, { readAsset: createAssetReader(root) });
  const get = async (path: string, headers: Record<string, string> = {}) =>
    app.ask(path, { headers });
  return { app, get };
}

describe('a page', () => {
  it('is sent compressed when a compressed copy exists, and unchanged otherwise', async () => {
    const { get } = makePages('index.html', 'index.html.gz', 'console/a.png');
    // What / answers depends on the user agent: Ollama's clients get another text.
    for (const [path, accepted, sent, encoding, vary] of [
      ['/', 'br, gzip', 'index.html.gz', 'gzip', 'accept-encoding, user-agent'],
      ['/', 'br', 'index.html', null, 'accept-encoding, user-agent'],
      ['/console/a.png', 'br, gzip', 'console/a.png', null, 'accept-encoding'],
    ] as const) {
      const answer = await get(path, { 'accept-encoding': accepted });
      expect(answer.headers.get('content-encoding')).toBe(encoding);
      expect(answer.headers.get('content-length')).toBe(String(sent.length));
      expect(answer.headers.get('vary')).toBe(vary);
      expect(await answer.text()).toBe(sent);
    }
  });

  it('has a content type by its name', async () => {
    const { get } = makePages(
      'docs/a.css',
      'docs/b.js',
      'docs/c.svg',
      'docs/d.png',
      'docs/LICENSE',
    );
    const types = [];
    for (const name of ['a.css', 'b.js', 'c.svg', 'd.png', 'LICENSE']) {
      types.push((await get(`/docs/${name}`)).headers.get('content-type'));
    }
    expect(types).toEqual([
      'text/css; charset=utf-8',
      'text/javascript; charset=utf-8',
      'image/svg+xml; charset=utf-8',
      'image/png',
      'text/plain; charset=utf-8',
    ]);
  });

  it('has an ETag only when it may be cached under a stable name', async () => {
    const { get } = makePages('index.html', 'console/a.js', 'picker.js', 'docs/index.html');
    for (const [path, isValidated] of [
      ['/', false],
      ['/console/a.js', false],
      ['/picker.js', true],
      ['/docs', true],
    ] as const) {
      const etag = (await get(path)).headers.get('etag');
      expect([path, etag !== null]).toEqual([path, isValidated]);
      const again = await get(path, { 'if-none-match': etag ?? '*' });
      expect([path, again.status]).toEqual([path, isValidated ? 304 : 200]);
    }
  });

  it('can be loaded by other pages only if it is the picker', async () => {
    const { get } = makePages('index.html', 'console/a.js', 'picker.js', 'docs/index.html');
    for (const path of ['/', '/console/a.js', '/picker.js', '/docs']) {
      const { headers } = await get(path);
      const isOpen = path === '/picker.js';
      expect(headers.get('access-control-allow-origin')).toBe(isOpen ? '*' : null);
      expect(headers.get('cross-origin-resource-policy')).toBe(isOpen ? 'cross-origin' : null);
    }
  });

  it('has a policy that forbids foreign scripts and frames', async () => {
    const { get } = makePages('index.html', 'docs/index.html');
    for (const path of ['/', '/docs']) {
      const policy = (await get(path)).headers.get('content-security-policy') ?? '';
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toMatch(/(?:default|script)-src 'self'(?:;|$)/);
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    }
    expect((await get('/')).headers.get('content-security-policy')).not.toContain('unsafe');
  });

  it('cannot be outside the folders of pages', async () => {
    const { get } = makePages(
      'index.html',
      'secret.txt',
      'docs/a.js',
      'docs/a.js.br',
      'console/b/c.js',
    );
    for (const path of [
      '/index.html',
      '/secret.txt',
      '/docs/%2e%2e%2fsecret.txt',
      '/docs/..%5csecret.txt',
      '/docs/.%2e/secret.txt',
      '/docs/a.js.br',
      '/docs/a.js%00',
      '/console/b',
      '/console/b/c.js',
      '/console/b%2fc.js',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  it('accepts only GET and HEAD', async () => {
    const { app } = makePages('index.html');
    const answer = await app.ask('/', { method: 'POST' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

// One path that RegExpRouter cannot handle would slow down every request.
it.each([{}, { API_KEYS: 'k3y' }, { CORS_ORIGINS: 'https://a.example' }])(
  'RegExpRouter serves all routes with %j',
  async (settings) => {
    const app = makeApp(settings);
    await app.ask('/health');
    expect(app.router()).toContain('RegExpRouter');
  },
);
