import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Listener } from '../../demo/listen.ts';
import { ROOT } from '../runtimes/runtimes.ts';
import { buildReactExample } from './build-react-example.ts';
import { describeInBrowser } from './chromium.ts';
import { findOptions, openPicker } from './picker-driver.ts';
import { serveFolder } from './serve-folder.ts';
import { startStage, type Stage } from './stage.ts';

/** The longest time until a favorite shows in the other page, in milliseconds. */
const SYNC_MS = 2000;

describeInBrowser('the plain and the React example, on two origins with one gateway', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-react-'));
  const sites: Listener[] = [];
  let stage: Stage;
  let plain: Page;
  let react: Page;

  beforeAll(async () => {
    sites.push(await serveFolder(join(ROOT, 'examples/plain')));
    sites.push(await serveFolder(await buildReactExample(folder)));
    const origins = sites.map(({ url }) => url);
    stage = await startStage({ settings: { CORS_ORIGINS: origins.join(',') } });
    const [plainUrl, reactUrl] = origins.map((origin) => `${origin}/?gateway=${stage.url}`);
    plain = await stage.open(plainUrl ?? '');
    react = await stage.open(reactUrl ?? '');
  }, 240_000);

  afterAll(async () => {
    await stage?.close();
    await Promise.all(sites.map((site) => site.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['plain', () => plain],
    ['React', () => react],
  ])('choose a model and get its answer: %s', async (_name, pick) => {
    const page = pick();
    const list = await openPicker(page);
    const of = { name: 'gpt-oss 120B', host: 'Lab server', favorite: false };
    await findOptions(list, of).click();
    await page.getByText('lab-server/gpt-oss-120b', { exact: true }).waitFor();
    await page.getByLabel('Prompt').fill('How are you?');
    await page.getByRole('button', { name: 'Send' }).click();
    const answer = page.getByLabel('Answer');
    await answer.getByText('This is gpt-oss-120b, answering from lab-server.').waitFor();
    await answer.getByText('was streamed back.').waitFor();
  });

  it.each([
    ['the plain page', 'the React page', () => [plain, react] as const],
    ['the React page', 'the plain page', () => [react, plain] as const],
  ])('show a favorite that %s adds or removes in %s without a reload', async (...of) => {
    const [here, there] = of[2]();
    const model = { name: 'GLM-4.5 Air', host: 'Lab server' };
    const [list, watched] = [await openPicker(here), await openPicker(there)];
    await findOptions(watched, { ...model, favorite: false }).waitFor();
    for (const favorite of [true, false]) {
      await findOptions(list, { ...model, favorite: !favorite })
        .first()
        .hover();
      const startedAt = performance.now();
      await here.keyboard.press('Alt+f');
      await findOptions(watched, { ...model, favorite })
        .first()
        .waitFor();
      expect(performance.now() - startedAt).toBeLessThan(SYNC_MS);
    }
  });

  it('hide a favorite while its host is offline', async () => {
    const model = { name: 'Qwen3 235B A22B', host: 'Lab server', favorite: true };
    const id = encodeURIComponent('lab-server/qwen3-235b-a22b');
    expect((await fetch(`${stage.url}/api/favorites/${id}`, { method: 'PUT' })).status).toBe(201);
    const options = [await openPicker(plain), await openPicker(react)].map((list) =>
      findOptions(list, model).first(),
    );
    // The list renders only the rows in view. Favorites are at the top.
    await Promise.all([plain, react].map((page) => page.keyboard.press('Home')));
    await Promise.all(options.map((option) => option.waitFor()));
    await stage.lab.stop();
    await Promise.all(options.map((option) => option.waitFor({ state: 'detached' })));
    await stage.lab.start();
    await Promise.all(options.map((option) => option.waitFor()));
  });

  it('log no errors', () => {
    expect(stage.consoleErrors).toEqual([]);
  });

  it('work, while a page of an origin outside CORS_ORIGINS gets an error with the reason', async () => {
    const stranger = await serveFolder(join(ROOT, 'examples/plain'));
    sites.push(stranger);
    const page = await stage.open(`${stranger.url}/?gateway=${stage.url}`);
    await page.locator('model-picker').getByRole('button').click();
    await page.getByText('allows this page').first().waitFor();
    await page.context().close();
  });
});
