import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listen, type Listener } from '../../demo/listen.ts';
import { describeInBrowser } from './chromium.ts';
import { startStage, type Stage } from './stage.ts';

// A page of a foreign site in the browser of a user who can reach the gateway. The host names are those of
// global-setup.ts.

const STAR = '/api/favorites/sam-desktop/gpt-oss-20b';
const UPSTREAM = '/upstream/sam-desktop/gpt-oss-20b/health';
const PROPS = '/props?model=sam-desktop/gpt-oss-20b';
const CHAT =
  '{"model":"sam-desktop/gpt-oss-20b","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}';

/** What the page tries, with the gateway's address. */
const ATTACKS: Record<string, (page: Page, gateway: string) => Promise<unknown>> = {
  // In a plain-text form, a field's name, "=" and its value can form JSON.
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
  'an image without a referrer': (page, gateway) => showImage(page, gateway + PROPS, 'no-referrer'),
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
  'a PUT with a preflight': (page, gateway) =>
    page.evaluate((url) => fetch(url, { method: 'PUT' }).catch(() => null), gateway + STAR),
  'a GET with a preflight': (page, gateway) =>
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

describeInBrowser('a page of a foreign site', () => {
  let stage: Stage;
  let site: Listener;
  /** The names of the headers that the site itself received, by path. */
  const received = new Map<string, string[]>();
  beforeAll(async () => {
    const html = { 'content-type': 'text/html' };
    site = await listen(async (request) => {
      received.set(new URL(request.url).pathname, [...request.headers.keys()]);
      return new Response('<!doctype html><title>x</title>', { headers: html });
    });
    stage = await startStage({ settings: { CORS_ORIGINS: `http://friend.example:${site.port}` } });
  });
  afterAll(async () => {
    await Promise.all([stage.close(), site.close()]);
  });

  const gatewayAs = (name: string) => stage.url.replace('127.0.0.1', name);
  const siteAs = (name: string) => `http://${name}:${site.port}/`;

  /** Everything that an attack can change: requests to hosts other than the catalog's, loaded models, favorites. */
  const readEffects = async () => {
    const isCatalog = (request: string) =>
      /^GET \/(?:v1\/models|running|upstream\/[^/]+\/props)$/u.test(request);
    const hosts = [stage.desktop.host, stage.lab.host];
    const { favorites } = (await (await fetch(`${stage.url}/api/favorites`)).json()) as any;
    return {
      requests: hosts.map(({ counts }) =>
        [...counts.requests].filter(([request]) => !isCatalog(request)).toSorted(),
      ),
      loads: hosts.map(({ counts }) => [...counts.loads]),
      running: hosts.map((host) => host.running().map(({ model }) => model)),
      favorites: favorites.map(({ id }: { id: string }) => id),
    };
  };

  it.each(Object.entries(ATTACKS))('has no effect through %s', async (_, attack) => {
    const before = await readEffects();
    const page = await stage.open(siteAs('evil.example'));
    const statuses: number[] = [];
    page.on('response', (answer) => {
      if (answer.url().startsWith(stage.url)) statuses.push(answer.status());
    });
    await attack(page, stage.url);
    // The gateway has refused every request that arrived.
    expect(statuses.filter((status) => status < 400)).toEqual([]);
    expect(await readEffects()).toEqual(before);
  });

  it('has no effect from another port of the same host', async () => {
    const before = await readEffects();
    const page = await stage.open(siteAs('127.0.0.1'));
    for (const name of POSTED) {
      await ATTACKS[name]?.(page, stage.url);
    }
    expect(await readEffects()).toEqual(before);
  });

  it('gets 403 under a foreign name that resolves to the gateway', async () => {
    const before = await readEffects();
    const page = await stage.open(`${gatewayAs('evil.example')}/health`);
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
    expect(await readEffects()).toEqual(before);
    const answer = await page.goto(gatewayAs('evil.example'));
    expect(answer?.status()).toBe(403);
  });

  it('can do all of it if CORS_ORIGINS lists its origin', async () => {
    const page = await stage.open(siteAs('friend.example'));
    const at = stage.url;
    const { requests } = stage.desktop.host.counts;
    await ATTACKS['a PUT with a preflight']?.(page, at);
    expect((await readEffects()).favorites).toEqual(['sam-desktop/gpt-oss-20b']);
    await page.evaluate((url) => fetch(url, { method: 'DELETE' }), at + STAR);
    await ATTACKS['JSON as plain text']?.(page, at);
    expect(requests.get('POST /v1/chat/completions')).toBe(1);
    await ATTACKS['a beacon']?.(page, at);
    expect(requests.get('POST /v1/completions')).toBe(1);
    // Only the Referer header tells which page shows the image.
    await ATTACKS['an image']?.(page, at);
    expect(requests.get('GET /upstream/gpt-oss-20b/health')).toBe(1);
    await ATTACKS['a form']?.(page, at);
    expect(requests.get('POST /v1/responses')).toBe(1);
    await ATTACKS['a post without a body']?.(page, at);
    expect((await readEffects()).running[0]).toEqual([]);
    const id = await page.evaluate(
      async (url) => (await fetch(url)).headers.get('x-request-id'),
      `${at}/api/models`,
    );
    expect(id).toMatch(/^[\da-f-]{36}$/u);
  });

  it('looks like a program if it shows an image without a referrer over plain HTTP: only keys refuse that', async () => {
    const page = await stage.open(siteAs('evil.example'));
    // Over plain HTTP beyond loopback, browsers do not send the origin of such a request.
    await ATTACKS['an image without a referrer']?.(page, siteAs('paddock.lan').slice(0, -1));
    const identifying = received
      .get('/props')
      ?.filter((name) => /^(?:sec-|origin|referer|user-agent)/u.test(name));
    expect(identifying).toEqual(['user-agent']);
    await ATTACKS['an image without a referrer']?.(page, gatewayAs('paddock.lan'));
    expect(stage.desktop.host.counts.requests.get('GET /props')).toBe(1);
    const before = await readEffects();
    // A POST always has an Origin header.
    for (const name of POSTED) {
      await ATTACKS[name]?.(page, gatewayAs('paddock.lan'));
    }
    expect(await readEffects()).toEqual(before);
  });
});
