import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findDeadPort } from '../hosts.ts';
import { ask } from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { launchChromium } from './launch-chromium.ts';
import { findOptions, openPicker } from './picker-driver.ts';
import { startStage, type Stage } from './stage.ts';

/** The longest time until a favorite shows in another page, in milliseconds. */
const SYNC_MS = 2000;

/** The time without requests that counts as quiet, in milliseconds: the gateway repeats its probes every 500 ms. */
const QUIET_MS = 1500;

/**
 * The longest time until the quiet begins, in milliseconds. If a page aborts a request when the headers of its answer
 * arrive, Chromium reads on for five seconds to save the connection (net/http/http_response_body_drainer.h).
 */
const UNTIL_QUIET_MS = 7000;

describeInBrowser('two pages of one gateway', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(() => stage.close());

  it('show a favorite that the other adds or removes within two seconds', async () => {
    const pages = [await stage.open('/#/chat'), await stage.open('/#/chat')];
    const [list, watched] = await Promise.all(pages.map(openPicker));
    const model = { name: 'Devstral Small 2 24B', host: "Sam's desktop" };
    if (list === undefined || watched === undefined) throw new Error('There are no two pages');
    for (const favorite of [true, false]) {
      const option = findOptions(list, { ...model, favorite: !favorite }).first();
      await option.hover();
      const startedAt = performance.now();
      await pages[0]?.keyboard.press('Alt+f');
      await findOptions(watched, { ...model, favorite })
        .first()
        .waitFor();
      expect(performance.now() - startedAt).toBeLessThan(SYNC_MS);
    }
    expect(stage.consoleErrors).toEqual([]);
  });

  it('show a favorite that another program adds, and hide it while its host is offline', async () => {
    const page = await stage.open('/#/chat');
    const list = await openPicker(page);
    const model = { name: 'GLM-4.5 Air', host: 'Lab server', favorite: true };
    const path = `/api/favorites/${encodeURIComponent('lab-server/glm-4.5-air')}`;
    await fetch(stage.url + path, { method: 'PUT' });
    await findOptions(list, model).first().waitFor({ timeout: SYNC_MS });
    await stage.lab.stop();
    await findOptions(list, model).first().waitFor({ state: 'detached' });
    await stage.lab.start();
    await findOptions(list, model).first().waitFor();
    await fetch(stage.url + path, { method: 'DELETE' });
    expect(stage.consoleErrors).toEqual([]);
  });
});

describeInBrowser('a page in a hidden tab', () => {
  const models = [
    { id: 'cold', loadMs: 60_000 },
    { id: 'other', loadMs: 300 },
  ];
  let stage: Stage;
  let window: BrowserContext;
  let front: Page;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    const desktop = { models, loaded: 'other' };
    stage = await startStage({ desktop, settings: { DEFAULT_MODEL: 'sam-desktop/cold' } });
    const port = await findDeadPort();
    const browser = await launchChromium([`--remote-debugging-port=${port}`]);
    closing.push(() => browser.close());
    // Pages that Playwright opens otherwise are always visible.
    const tabs = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
    const [context] = tabs.contexts();
    if (context === undefined) throw new Error('The browser has no window');
    window = context;
    front = await window.newPage();
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await stage.close();
  });

  /** Opens a tab with a clock that a test can advance, in front of the others. */
  async function openTab(path: string): Promise<Page> {
    const page = await window.newPage();
    await page.clock.install();
    await page.goto(stage.url + path);
    await show(page);
    return page;
  }

  async function show(page: Page): Promise<void> {
    await page.bringToFront();
    await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('visible');
  }

  /** Hides a tab behind the other one. */
  async function hide(page: Page): Promise<void> {
    await front.bringToFront();
    await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden');
  }

  it.each(['/#/chat', '/#/hosts'])(
    'sends no requests, and none reach the hosts: %s',
    async (path) => {
      const page = await openTab(path);
      await waitForRequest();
      await hide(page);
      await waitForQuiet(countRequests);

      const before = countRequests();
      await page.clock.runFor(60_000);
      await waitForQuiet(countRequests);
      expect(countRequests()).toBe(before);

      await show(page);
      await waitForRequest();
      await page.close();
    },
  );

  it('does not ask for the state of a load that it waits for', async () => {
    const page = await openTab('/#/chat');
    await page.getByText('Ask cold').waitFor();
    await ask(page, 'Hello');
    await page.getByText("Loading on Sam's desktop").waitFor();
    await hide(page);
    const { requests } = stage.desktop.host.counts;
    const count = () => requests.get('GET /running') ?? 0;
    await waitForQuiet(count);

    const before = count();
    await page.clock.runFor(10_000);
    await waitForQuiet(count);
    expect(count()).toBe(before);

    await show(page);
    await page.getByText(/loading on Sam's desktop, [1-9]\d s/u).waitFor();
    await page.close();
  });

  /** Counts all requests to the hosts. */
  function countRequests(): number {
    const counts = [stage.desktop, stage.lab].flatMap(({ host }) => [
      ...host.counts.requests.values(),
    ]);
    return counts.reduce((sum, requests) => sum + requests, 0);
  }

  async function waitForRequest(): Promise<void> {
    const before = countRequests();
    await expect.poll(countRequests, { timeout: 5000 }).toBeGreaterThan(before);
  }
});

/** Waits until a count has not changed for `QUIET_MS`. */
async function waitForQuiet(count: () => number): Promise<void> {
  let last = count();
  let changedAt = performance.now();
  const readQuietMs = () => {
    const now = count();
    if (now !== last) changedAt = performance.now();
    last = now;
    return performance.now() - changedAt;
  };
  const timeout = UNTIL_QUIET_MS + QUIET_MS;
  await expect.poll(readQuietMs, { timeout, interval: 50 }).toBeGreaterThan(QUIET_MS);
}
