import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { SAM_DESKTOP_MODELS } from '../../demo/fleet-models.ts';
import { listen, type Listener } from '../../demo/listen.ts';
import { createLlamaSwapHost } from '../../demo/llama-swap-host.ts';
import { findDeadPort } from '../hosts.ts';
import { makeRuntime, NODE, type Instance } from '../runtimes/runtimes.ts';
import { connectToChromium, describeInBrowser } from './chromium.ts';
import { withShortLoads } from './stage.ts';

// A hostile provider, and a user who opens its page.

const HTML = { 'content-type': 'text/html' };
const STAR = '/api/favorites/good/gpt-oss-20b';
const CHAT = JSON.stringify({
  model: 'good/gpt-oss-20b',
  max_tokens: 1,
  messages: [{ role: 'user', content: 'hi' }],
});

/** Tries all that the console can do, and writes the results to the page's title. */
const SCRIPT = `
  const main = new URLSearchParams(location.search).get('main') ?? '';
  const results = {};
  const attempt = async (name, work) => {
    try { results[name] = await work(); } catch (error) { results[name] = 'failed'; }
  };
  (async () => {
    await attempt('storage', () => JSON.stringify(Object.entries(localStorage)));
    await attempt('databases', async () => (await indexedDB.databases()).length);
    await attempt('catalog', async () => (await fetch(main + '/api/models')).status);
    await attempt('star', async () => (await fetch(main + '${STAR}', { method: 'PUT' })).status);
    await attempt('chat', async () =>
      (await fetch(main + '/v1/chat/completions', { method: 'POST', mode: main ? 'no-cors' : 'cors', body: '${CHAT}' })).type);
    await attempt('image', () => new Promise((resolve) => {
      const image = new Image();
      image.onload = image.onerror = () => resolve('asked');
      image.src = main + '/upstream/good/gpt-oss-20b/health';
    }));
    await attempt('worker', async () =>
      (await navigator.serviceWorker.register(location.pathname + '?sw', { scope: '/' })).scope);
    document.title = JSON.stringify(results);
  })();`;

const PAGE = `<!doctype html><title>still</title><img src="/upstream/good/gpt-oss-20b/health?image">
  <link rel="prefetch" href="/upstream/good/gpt-oss-20b/health?prefetch">
  <form action="/v1/chat/completions" method="post" enctype="text/plain"><input name='${CHAT.slice(0, -1)},"x":"' value='"}'><button>go</button></form>
  <script>${SCRIPT}</script>`;

const REFRESH = '<meta http-equiv="refresh" content="0; url=/api/doctor">';

const SVG = `<svg xmlns="http://www.w3.org/2000/svg"><script>document.documentElement.setAttribute('id', 'ran')</script></svg>`;

/** Returns the hostile provider's answer by the end of the path, or null for paths that it answers like any llama-swap. */
function answerHostile(url: URL): Response | null {
  if (url.searchParams.has('sw')) {
    const type = { 'content-type': 'text/javascript', 'service-worker-allowed': '/' };
    return new Response('onfetch = () => {}', { headers: type });
  }
  if (/\/(?:page|props|voices|loras)$/u.test(url.pathname)) {
    // Where scripts run, the page stays open to show their results.
    const refresh = url.searchParams.has('main') ? '' : REFRESH;
    return new Response(PAGE + refresh, { headers: HTML });
  }
  if (url.pathname.endsWith('.svg')) {
    return new Response(SVG, { headers: { 'content-type': 'image/svg+xml' } });
  }
  if (url.pathname.endsWith('/xhtml')) {
    const xhtml = `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>still</title><script><![CDATA[${SCRIPT}]]></script></head></html>`;
    return new Response(xhtml, { headers: { 'content-type': 'application/xhtml+xml' } });
  }
  if (url.pathname === '/v1/chat/completions') {
    const headers = {
      ...{ 'content-type': 'application/json', 'clear-site-data': '"*"' },
      ...{ refresh: '0; url=https://elsewhere.example/', nel: '{}', 'report-to': '{}' },
    };
    return Response.json({ choices: [] }, { headers });
  }
  if (url.pathname.endsWith('/away')) {
    return new Response(null, { status: 307, headers: { location: '/api/providers/good/unload' } });
  }
  return null;
}

describeInBrowser('the page of a hostile provider', () => {
  let hostile: Listener;
  let good: Listener;
  const runtime = makeRuntime(NODE);
  let paddock: Instance;
  let pages = '';
  const goodHost = createLlamaSwapHost({
    name: 'good',
    models: withShortLoads(SAM_DESKTOP_MODELS),
  });
  const requests: string[] = [];

  beforeAll(async () => {
    hostile = await listen(async (request) => {
      const url = new URL(request.url);
      return answerHostile(url) ?? Response.json({ object: 'list', data: [{ id: 'm' }] });
    });
    good = await listen(async (request) => {
      const { pathname, search } = new URL(request.url);
      if (!/^\/(?:v1\/models|running)$/u.test(pathname)) {
        requests.push(`${request.method} ${pathname}${search}`);
      }
      return goodHost.fetch(request);
    });
    const port = await findDeadPort();
    pages = `http://127.0.0.1:${port}`;
    paddock = await runtime.start({
      PROVIDERS: `hostile=llama-swap://127.0.0.1:${hostile.port} good=llama-swap://127.0.0.1:${good.port}`,
      UPSTREAM_PORT: String(port),
    });
  });
  afterEach(() => void (requests.length = 0));
  afterAll(async () => {
    await paddock?.kill();
    await runtime.close();
    await Promise.all([hostile?.close(), good?.close()]);
  });

  /** Opens a console that has stored something. */
  async function openConsole(): Promise<Page> {
    const context = await (await connectToChromium()).newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(paddock.url);
    await page.evaluate(() => localStorage.setItem('conversation', 'private'));
    return page;
  }

  const readFavorites = async () =>
    ((await (await fetch(`${paddock.url}/api/favorites`)).json()) as any).favorites;

  it.each([
    '/upstream/hostile/m/page',
    '/upstream/hostile/m/xhtml',
    '/props?model=hostile/m',
    '/v1/audio/voices?model=hostile/m',
    '/sdapi/v1/loras?model=hostile/m',
  ])('has no effect on Paddock’s own origin: %s', async (path) => {
    const page = await openConsole();
    const answer = await page.goto(paddock.url + path);
    expect(answer?.status()).toBe(200);
    // A script or a refresh would act within this time.
    await page.waitForTimeout(500);
    expect(await page.title()).toBe('still');
    expect(page.url()).toBe(paddock.url + path);
    const button = page.getByRole('button', { name: 'go' });
    if ((await button.count()) > 0) {
      await button.click();
      await page.waitForTimeout(200);
      expect(page.url()).toBe(paddock.url + path);
    }
    expect(requests).toEqual([]);
    expect(await readFavorites()).toEqual([]);
    await page.goto(paddock.url);
    const readStored = () =>
      navigator.serviceWorker
        .getRegistrations()
        .then(({ length }) => [length, localStorage.getItem('conversation')]);
    expect(await page.evaluate(readStored)).toEqual([0, 'private']);
  });

  it('runs no script of an SVG picture', async () => {
    const page = await openConsole();
    await page.goto(`${paddock.url}/upstream/hostile/m/x.svg`);
    await page.waitForTimeout(200);
    expect(await page.evaluate(() => document.documentElement.id)).toBe('');
  });

  it('cannot be a service worker, even if a script of the console registers it', async () => {
    const page = await openConsole();
    const register = (scope: string) =>
      navigator.serviceWorker.register('/upstream/hostile/m/page?sw', { scope }).then(
        () => 'registered',
        () => 'refused',
      );
    // The default scope of a worker is its own folder.
    for (const scope of ['/', '/upstream/hostile/m/']) {
      expect([scope, await page.evaluate(register, scope)]).toEqual([scope, 'refused']);
    }
  });

  it('cannot clear the browser’s storage with the answer to a chat', async () => {
    const page = await openConsole();
    const body = '{"model":"hostile/m","messages":[]}';
    const chat = (text: string) =>
      fetch('/v1/chat/completions', { method: 'POST', body: text }).then(({ status }) => status);
    expect(await page.evaluate(chat, body)).toBe(200);
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => localStorage.getItem('conversation'))).toBe('private');
    expect(page.url()).toBe(`${paddock.url}/`);
  });

  it('cannot redirect a client to another provider', async () => {
    const page = await openConsole();
    const send = () =>
      fetch('/upstream/hostile/m/away', { method: 'POST', body: '{}' }).then(
        ({ status }) => status,
        () => 'failed',
      );
    expect([307, 'failed']).toContain(await page.evaluate(send));
    expect(requests).toEqual([]);
  });

  it('runs its script on UPSTREAM_PORT, and reaches nothing of Paddock from there', async () => {
    const page = await openConsole();
    await page.goto(`${pages}/upstream/hostile/m/page?main=${encodeURIComponent(paddock.url)}`);
    await expect.poll(() => page.title(), { timeout: 10_000 }).not.toBe('still');
    const results = JSON.parse(await page.title()) as Record<string, unknown>;
    expect(results).toEqual({
      storage: '[]',
      databases: 0,
      catalog: 'failed',
      star: 'failed',
      chat: 'opaque',
      image: 'asked',
      worker: 'failed',
    });
    // The page's own image and prefetch go to that port, which serves the pages of all providers.
    expect(requests.filter((line) => !/\?(?:image|prefetch)$/u.test(line))).toEqual([]);
    expect(await readFavorites()).toEqual([]);
  });

  it('opens from a link in the console, on UPSTREAM_PORT', async () => {
    const page = await openConsole();
    await fetch(`${paddock.url}/upstream/good/gpt-oss-20b/health`);
    await page.goto(`${paddock.url}/#/hosts`);
    const link = page.getByRole('link', { name: 'Open web page: gpt-oss-20b' });
    await link.waitFor();
    expect(await link.getAttribute('rel')).toBe('noopener');
    const url = `${pages}/upstream/good/gpt-oss-20b/`;
    const [opened, answer] = await Promise.all([
      page.context().waitForEvent('page'),
      page.context().waitForEvent('response', (response) => response.url() === url),
      link.click(),
    ]);
    await opened.waitForLoadState();
    expect(opened.url()).toBe(url);
    expect(answer.status()).not.toBe(403);
    expect(requests).toContain('GET /upstream/gpt-oss-20b/');
    expect(await opened.evaluate(() => window.opener)).toBeNull();
  });
});
