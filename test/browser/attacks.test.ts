import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { listen, type Listener } from '../../demo/listen.ts';
import { describeInBrowser, launchChromium } from './chromium.ts';
import { setStage, type Stage } from './stage.ts';

// A person's own browser, with a page of somebody else's in it.

/** Names of the public DNS and of a home network; this browser finds all of them at loopback. */
const RULES = 'MAP evil.example 127.0.0.1, MAP friend.example 127.0.0.1, MAP paddock.lan 127.0.0.1';

const STAR = '/api/favorites/sam-desktop/gpt-oss-20b';
const UPSTREAM = '/upstream/sam-desktop/gpt-oss-20b/health';
const PROPS = '/props?model=sam-desktop/gpt-oss-20b';
const CHAT =
  '{"model":"sam-desktop/gpt-oss-20b","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}';

/** What a page tries, each in a function that runs in it with the gateway's address. */
const ATTACKS: Record<string, (page: Page, gateway: string) => Promise<unknown>> = {
  // As plain text, a field’s name, "=" and its value can be JSON.
  'a form': (page, gateway) =>
    page.evaluate(
      async ([action, body]) => {
        const frame = Object.assign(document.createElement('iframe'), { name: 'hidden' });
        document.body.append(frame);
        const form = Object.assign(document.createElement('form'), { action, method: 'post' });
        Object.assign(form, { target: 'hidden', enctype: 'text/plain' });
        const name = `${body.slice(0, -1)},"x":"`;
        form.append(Object.assign(document.createElement('input'), { name, value: '"}' }));
        document.body.append(form);
        const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
        form.submit();
        await loaded;
      },
      [`${gateway}/v1/responses`, CHAT.replace('messages', 'input')] as const,
    ),
  'a post without a body': (page, gateway) =>
    page.evaluate(
      (url) => fetch(url, { method: 'POST', mode: 'no-cors' }).then((answer) => answer.text()),
      `${gateway}/api/providers/sam-desktop/unload`,
    ),
  'JSON as plain text': (page, gateway) =>
    page.evaluate(
      ([url, body]) =>
        fetch(url, { method: 'POST', mode: 'no-cors', body }).then((answer) => answer.text()),
      [`${gateway}/v1/chat/completions`, CHAT] as const,
    ),
  'a beacon': async (page, gateway) => {
    const answered = page.waitForResponse(/\/v1\/completions$/u);
    const post = ([url, body]: readonly [string, string]) => navigator.sendBeacon(url, body);
    expect(await page.evaluate(post, [`${gateway}/v1/completions`, CHAT] as const)).toBe(true);
    await answered;
  },
  'an image': (page, gateway) => showImage(page, gateway + UPSTREAM),
  'an image that hides its page': (page, gateway) =>
    showImage(page, gateway + PROPS, 'no-referrer'),
  'a script': (page, gateway) =>
    page.evaluate(
      (src) =>
        new Promise((resolve) => {
          const script = Object.assign(document.createElement('script'), { src });
          script.addEventListener('load', resolve);
          script.addEventListener('error', resolve);
          document.body.append(script);
        }),
      gateway + UPSTREAM,
    ),
  'a sandboxed frame': (page, gateway) =>
    page.evaluate(
      ([url, body]) =>
        new Promise((resolve) => {
          addEventListener('message', resolve, { once: true });
          const frame = document.createElement('iframe');
          frame.setAttribute('sandbox', 'allow-scripts allow-forms');
          const init = JSON.stringify({ method: 'POST', mode: 'no-cors', body });
          frame.srcdoc = `<script>fetch(${JSON.stringify(url)}, ${init}).catch(() => {}).then(() => parent.postMessage(1, '*'))</script>`;
          document.body.append(frame);
        }),
      [`${gateway}/v1/chat/completions`, CHAT] as const,
    ),
  'what asks first': (page, gateway) =>
    page.evaluate((url) => fetch(url, { method: 'PUT' }).catch(() => null), gateway + STAR),
  'a question of another kind first': (page, gateway) =>
    page.evaluate(
      (url) => fetch(url, { headers: { 'x-api-key': 'any' } }).catch(() => null),
      gateway + UPSTREAM,
    ),
};

const POSTED = [
  'a form',
  'a post without a body',
  'JSON as plain text',
  'a beacon',
  'a sandboxed frame',
];

function showImage(page: Page, src: string, referrerPolicy = ''): Promise<unknown> {
  return page.evaluate(
    (how) =>
      new Promise((resolve) => {
        const image = Object.assign(new Image(), how);
        image.addEventListener('load', resolve);
        image.addEventListener('error', resolve);
        document.body.append(image);
      }),
    { referrerPolicy, src },
  );
}

describeInBrowser('a page of somebody else’s', () => {
  let stage: Stage;
  let browser: Browser;
  let site: Listener;
  const contexts: BrowserContext[] = [];
  /** The names of the headers that came to the site itself, by path. */
  const received = new Map<string, string[]>();
  beforeAll(async () => {
    const html = { 'content-type': 'text/html' };
    site = await listen(async (request) => {
      received.set(new URL(request.url).pathname, [...request.headers.keys()]);
      return new Response('<!doctype html><title>x</title>', { headers: html });
    });
    stage = await setStage({ settings: { CORS_ORIGINS: `http://friend.example:${site.port}` } });
    browser = await launchChromium([`--host-resolver-rules=${RULES}`]);
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([stage.close(), site.close()]);
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });

  const visit = async (url: string) => {
    const context = await browser.newContext();
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(url);
    return page;
  };
  const gatewayAs = (name: string) => stage.url.replace('127.0.0.1', name);
  const siteAs = (name: string) => `http://${name}:${site.port}/`;

  /** All that can have come of an attack: what hosts were asked beside what the catalog asks, what is loaded, what is starred. */
  const look = async () => {
    const isCatalog = (asked: string) =>
      /^GET \/(?:v1\/models|running|upstream\/[^/]+\/props)$/u.test(asked);
    const hosts = [stage.desktop.host, stage.lab.host];
    const { favorites } = (await (await fetch(`${stage.url}/api/favorites`)).json()) as any;
    return {
      asked: hosts.map(({ counts }) =>
        [...counts.requests].filter(([asked]) => !isCatalog(asked)).toSorted(),
      ),
      loads: hosts.map(({ counts }) => [...counts.loads]),
      running: hosts.map((host) => host.running().map(({ model }) => model)),
      favorites: favorites.map(({ id }: { id: string }) => id),
    };
  };

  it.each(Object.entries(ATTACKS))('has nothing done by %s', async (_, attack) => {
    const before = await look();
    const page = await visit(siteAs('evil.example'));
    const answered: number[] = [];
    page.on('response', (answer) => {
      if (answer.url().startsWith(stage.url)) answered.push(answer.status());
    });
    await attack(page, stage.url);
    // Where anything got as far as the gateway, it was refused.
    expect(answered.filter((status) => status < 400)).toEqual([]);
    expect(await look()).toEqual(before);
  });

  it('has nothing done by any of it on another port of the same name', async () => {
    const before = await look();
    const page = await visit(siteAs('127.0.0.1'));
    for (const name of POSTED) {
      await ATTACKS[name]?.(page, stage.url);
    }
    expect(await look()).toEqual(before);
  });

  it('opens nothing under a name that is bound to the gateway’s address', async () => {
    const before = await look();
    const page = await visit(`${gatewayAs('evil.example')}/health`);
    const statuses = await page.evaluate(
      async ([star, upstream, body]) => {
        const answers = [
          await fetch('/'),
          await fetch('/api/models'),
          await fetch(upstream),
          await fetch(star, { method: 'PUT' }),
          await fetch('/v1/chat/completions', { method: 'POST', body }),
          await fetch('/api/models', { headers: { 'x-forwarded-host': 'localhost' } }),
        ];
        return answers.map(({ status }) => status);
      },
      [STAR, UPSTREAM, CHAT] as const,
    );
    expect(statuses).toEqual(statuses.map(() => 403));
    expect(await look()).toEqual(before);
    const answer = await page.goto(gatewayAs('evil.example'));
    expect(answer?.status()).toBe(403);
  });

  it('does all of it where CORS_ORIGINS lists its origin', async () => {
    const page = await visit(siteAs('friend.example'));
    const at = stage.url;
    const done = () => stage.desktop.host.counts.requests;
    await ATTACKS['what asks first']?.(page, at);
    expect((await look()).favorites).toEqual(['sam-desktop/gpt-oss-20b']);
    await page.evaluate((url) => fetch(url, { method: 'DELETE' }), at + STAR);
    await ATTACKS['JSON as plain text']?.(page, at);
    expect(done().get('POST /v1/chat/completions')).toBe(1);
    await ATTACKS['a beacon']?.(page, at);
    expect(done().get('POST /v1/completions')).toBe(1);
    // The browser says in the referer, and only there, which page shows it.
    await ATTACKS['an image']?.(page, at);
    expect(done().get('GET /upstream/gpt-oss-20b/health')).toBe(1);
    await ATTACKS['a form']?.(page, at);
    expect(done().get('POST /v1/responses')).toBe(1);
    await ATTACKS['a post without a body']?.(page, at);
    expect((await look()).running[0]).toEqual([]);
    const id = await page.evaluate(
      async (url) => (await fetch(url)).headers.get('x-request-id'),
      `${at}/api/models`,
    );
    expect(id).toMatch(/^[\da-f-]{36}$/u);
  });

  it('is not told from a program where it shows an image from a plain-http name: that only keys stop', async () => {
    const page = await visit(siteAs('evil.example'));
    // To plain http beyond loopback, browsers do not say where a request comes from.
    await ATTACKS['an image that hides its page']?.(page, siteAs('paddock.lan').slice(0, -1));
    const clues = received
      .get('/props')
      ?.filter((name) => /^(?:sec-|origin|referer|user-agent)/u.test(name));
    expect(clues).toEqual(['user-agent']);
    await ATTACKS['an image that hides its page']?.(page, gatewayAs('paddock.lan'));
    expect(stage.desktop.host.counts.requests.get('GET /props')).toBe(1);
    const before = await look();
    // What is posted says where it comes from everywhere.
    for (const name of POSTED) {
      await ATTACKS[name]?.(page, gatewayAs('paddock.lan'));
    }
    expect(await look()).toEqual(before);
  });
});
