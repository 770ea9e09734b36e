import { chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { findDeadPort } from '../hosts.ts';
import { tell } from './chat-host.ts';
import { describeInBrowser, launchChromium } from './chromium.ts';
import { findOptions, openPicker } from './picker-driver.ts';
import { setStage, type Stage } from './stage.ts';

/** How long a star may take from one page to another, in milliseconds. */
const IN_STEP_MS = 2000;

/** How long a host must be left alone to count as unwatched, in milliseconds: six times as long as a list is fresh. */
const QUIET_MS = 3000;

/**
 * How long it may take until that begins, in milliseconds. Where a page aborts a request in the moment in which the headers of
 * its answer arrive, Chromium keeps reading for five seconds to save the connection (net/http/http_response_body_drainer.h).
 */
const UNTIL_QUIET_MS = 7000;

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

/** How often the hosts were asked for their models so far. */
function countProbes(): number {
  const counts = [stage.desktop, stage.lab].map(({ host }) => host.counts.requests);
  return counts.reduce((sum, requests) => sum + (requests.get('GET /v1/models') ?? 0), 0);
}

async function waitForProbe(): Promise<void> {
  const before = countProbes();
  await expect.poll(countProbes, { timeout: 5000 }).toBeGreaterThan(before);
}

/** Waits until a count has not changed for `QUIET_MS`. */
async function waitForQuiet(count: () => number | undefined): Promise<void> {
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

/** Opens the chat in a window of its own, which is closed with the test. */
async function openChat(): Promise<Page> {
  const page = await stage.open('/#/chat');
  onTestFinished(() => page.context().close());
  return page;
}

/** Two tabs of one window as people have them, of which the one in front hides the other. */
async function openTabs(url: string): Promise<{ page: Page; other: Page }> {
  const port = await findDeadPort();
  const browser = await launchChromium([`--remote-debugging-port=${port}`]);
  onTestFinished(() => browser.close());
  // Pages that playwright opens by itself count as seen wherever they are.
  const window = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
  const [context] = window.contexts();
  if (context === undefined) throw new Error('The browser has no window');
  const page = await context.newPage();
  await page.goto(url);
  const other = await context.newPage();
  return { page, other };
}

const readVisibility = (page: Page) => page.evaluate(() => document.visibilityState);

describeInBrowser('pages before one gateway', () => {
  it('see a star that is set in one of them within two seconds, and one that is taken away', async () => {
    const pages = [await openChat(), await openChat()];
    const [list, watched] = await Promise.all(pages.map(openPicker));
    const of = { name: 'Devstral Small 2 24B', host: "Sam's desktop" };
    if (list === undefined || watched === undefined) throw new Error('There are no two pages');
    for (const favorite of [true, false]) {
      const option = findOptions(list, { ...of, favorite: !favorite }).first();
      await option.hover();
      const startedAt = performance.now();
      await pages[0]?.keyboard.press('f');
      await findOptions(watched, { ...of, favorite })
        .first()
        .waitFor();
      expect(performance.now() - startedAt).toBeLessThan(IN_STEP_MS);
    }
    expect(stage.complaints).toEqual([]);
  });

  it('see a star that another program sets, and a host that goes', async () => {
    const page = await openChat();
    const list = await openPicker(page);
    const of = { name: 'GLM-4.5 Air', host: 'Lab server', favorite: true };
    const path = `/api/favorites/${encodeURIComponent('lab-server/glm-4.5-air')}`;
    await fetch(stage.url + path, { method: 'PUT' });
    await findOptions(list, of).first().waitFor({ timeout: IN_STEP_MS });
    await stage.lab.stop();
    await findOptions(list, of).first().waitFor({ state: 'detached' });
    await stage.lab.start();
    await findOptions(list, of).first().waitFor();
    await fetch(stage.url + path, { method: 'DELETE' });
    expect(stage.complaints).toEqual([]);
  });

  it('ask for nothing while nobody sees them, so that the hosts are left alone', async () => {
    const { page, other } = await openTabs(stage.url);
    await page.bringToFront();
    await expect.poll(() => readVisibility(page)).toBe('visible');
    await waitForProbe();

    await other.bringToFront();
    await expect.poll(() => readVisibility(page)).toBe('hidden');
    await waitForQuiet(countProbes);

    await page.bringToFront();
    await waitForProbe();
  });

  it('ask not even what the host is at, whose answer they wait for', async () => {
    const models = [
      { id: 'cold', loadMs: 30_000 },
      { id: 'other', loadMs: 300 },
    ];
    const desktop = { models, loaded: 'other' };
    const slow = await setStage({ desktop, settings: { DEFAULT_MODEL: 'sam-desktop/cold' } });
    onTestFinished(() => slow.close());
    const { page, other } = await openTabs(slow.url);
    await page.bringToFront();
    await page.getByText('Ask cold').waitFor();
    await tell(page, 'Hello');
    await page.getByText("Loading on Sam's desktop, 1 s").waitFor();

    await other.bringToFront();
    await expect.poll(() => readVisibility(page)).toBe('hidden');
    const { requests } = slow.desktop.host.counts;
    await waitForQuiet(() => requests.get('GET /running'));

    await page.bringToFront();
    await page.getByText(/loading on Sam's desktop, ([4-9]|1\d) s/u).waitFor();
  });
});
