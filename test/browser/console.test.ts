import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { findViolations } from './axe.ts';
import { describeInBrowser } from './chromium.ts';
import { startStage, type Stage } from './stage.ts';

const VIEWS = ['Chat', 'Arena', 'Hosts', 'Connect'];

/** What each view shows last. */
const CONTENT: Record<string, string> = {
  Chat: 'Ask ',
  Arena: 'Add model',
  Hosts: 'checked ',
  Connect: 'opencode.json',
};

/** Waits until a view is complete, so that its size is final. */
async function waitForContent(page: Page, name: string): Promise<void> {
  await page
    .locator(`${name.toLowerCase()}-view`)
    .getByText(CONTENT[name] ?? '')
    .first()
    .waitFor();
  if (name === 'Hosts') await page.locator('latency-chart canvas').last().waitFor();
}

/** Makes the gateway's catalog that of the demo. */
async function markAsDemo(page: Page): Promise<void> {
  await page.route('**/api/models', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), demo: true } });
  });
}

describeInBrowser('the console', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(async () => {
    await stage.close();
    expect(stage.consoleErrors).toEqual([]);
  });

  const currentOf = (page: Page) => page.locator('nav a[aria-current="page"]');
  const mainOf = (page: Page, name: string) => page.getByRole('main', { name });

  it('opens every view by its address and its link, with its name in the title', async () => {
    const page = await stage.open('/');
    expect(await page.title()).toBe('Chat · Paddock');
    for (const name of VIEWS) {
      await page.getByRole('link', { name, exact: true }).click();
      await mainOf(page, name).locator(`${name.toLowerCase()}-view`).waitFor();
      expect(await currentOf(page).textContent()).toBe(name);
      expect(await page.title()).toBe(`${name} · Paddock`);
      expect(new URL(page.url()).hash).toBe(`#/${name.toLowerCase()}`);
    }
    await page.goBack();
    expect(await currentOf(page).textContent()).toBe('Hosts');
    const again = await stage.open('/#/arena');
    await mainOf(again, 'Arena').waitFor();
  });

  it('works by keyboard alone', async () => {
    const page = await stage.open('/#/hosts');
    await page.locator('host-card').first().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const focused = () => page.evaluate(() => document.activeElement?.localName);
    expect(await focused(), 'skips to the content').toBe('main');
    expect(new URL(page.url()).hash).toBe('#/hosts');
    await page.getByRole('link', { name: 'Connect' }).focus();
    await page.keyboard.press('Enter');
    await mainOf(page, 'Connect').getByRole('heading', { name: 'Connect' }).waitFor();
    expect(await focused(), 'goes on in the new view').toBe('main');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('connect-view');
  });

  it('shows its header without JavaScript', async () => {
    const page = await stage.open('/', { javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Hosts' }).waitFor();
    expect(await page.locator('header').evaluate((header) => header.clientHeight)).toBeGreaterThan(
      40,
    );
  });

  it('reports that the gateway is offline, keeps its content, and recovers by itself', async () => {
    const page = await stage.open('/#/hosts');
    await page.locator('host-card').first().waitFor();
    await stage.stopGateway();
    const notice = page.getByText('Paddock does not respond. Retrying…');
    await notice.waitFor();
    expect(await page.locator('host-card').count()).toBe(2);
    expect(await findViolations(page)).toEqual([]);
    await stage.startGateway();
    await notice.waitFor({ state: 'detached' });
  });

  it('tries again immediately on demand', async () => {
    const page = await stage.open('/#/hosts');
    await page.locator('host-card').first().waitFor();
    await page.clock.install();
    await stage.stopGateway();
    const again = page.getByRole('button', { name: 'Retry' });
    await again.waitFor();
    // The page's time stands still, so that no pause between attempts ends.
    await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 10_000);
    await stage.startGateway();
    await page.waitForTimeout(300);
    expect(await again.isVisible()).toBe(true);
    await again.click();
    await again.waitFor({ state: 'detached', timeout: 2000 });
  });

  it('reports a view that does not load, as after an update, and offers to reload the page', async () => {
    const page = await stage.open('/#/hosts');
    await page.locator('host-card').first().waitFor();
    await page.route('**/console/connect-view-*', (route) => route.fulfill({ status: 404 }));
    await page.getByRole('link', { name: 'Connect' }).click();
    await page.getByRole('heading', { name: 'This view failed to load' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.unroute('**/console/connect-view-*');
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await page.getByRole('heading', { name: 'Connect' }).waitFor();
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const)('passes axe in the %s theme at %i px', async (colorScheme, width) => {
    const page = await stage.open('/', { colorScheme, viewport: { width, height: 780 } });
    for (const name of ['Hosts', 'Connect']) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name, exact: true }).waitFor();
      await waitForContent(page, name);
      expect(await findViolations(page), name).toEqual([]);
      const excess = await page
        .locator('main')
        .evaluate((main) => main.scrollWidth - main.clientWidth);
      expect(excess, `${name} fits`).toBe(0);
      const isFixed = await page.evaluate(
        () => document.documentElement.scrollHeight <= innerHeight,
      );
      expect(isFixed, `${name} scrolls below the header`).toBe(true);
    }
  });
});

describeInBrowser('the console of the demo', () => {
  it('fits on the narrowest screen, also with a key', async () => {
    const stage = await startStage({ settings: { API_KEYS: 'secret' } });
    onTestFinished(() => stage.close());
    const page = await stage.open('/#/hosts', { viewport: { width: 320, height: 600 } });
    await markAsDemo(page);
    await page.evaluate(() => sessionStorage.setItem('paddock-key', 'secret'));
    await page.reload();
    await page.getByRole('button', { name: 'demo fleet' }).waitFor();
    for (const name of VIEWS) {
      await page.getByRole('link', { name, exact: true }).click();
      await waitForContent(page, name);
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(excess, name).toBe(0);
    }
  });

  it('says that its hosts are simulated, and what to set', async () => {
    const stage = await startStage();
    onTestFinished(() => stage.close());
    const page = await stage.open('/#/hosts');
    await markAsDemo(page);
    await page.reload();
    // The view loads after the frame around it.
    await page.getByRole('heading', { name: 'Hosts', exact: true }).waitFor();
    const badge = page.getByRole('button', { name: 'demo fleet' });
    expect(await badge.getAttribute('title')).toContain('PROVIDERS');
    await badge.focus();
    await page.keyboard.press('Enter');
    await page.getByText('npm run serve').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(stage.consoleErrors).toEqual([]);
  });
});
