import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './axe.ts';
import { describeInBrowser } from './chromium.ts';
import { buttonOf, listOf, optionsOf, startPickerStage } from './picker-stage.ts';
import type { PickerStage } from './picker-stage.ts';

const readStatus = (page: Page) => page.getByRole('status').first().innerText();

describeInBrowser('the picker during failures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-picker-'));
  const database = `file:${join(folder, 'paddock.db')}`;
  let stage: PickerStage;
  beforeAll(async () => {
    stage = await startPickerStage({ settings: { LIBSQL_URL: database } });
  });
  afterAll(async () => {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await stage.startGateway();
    expect(stage.consoleErrors).toEqual([]);
  });

  const open = async (page: Page) => {
    await buttonOf(page).click();
    await listOf(page).waitFor();
  };

  it('reports that the gateway is offline, keeps the list, and recovers with it', async () => {
    const page = await stage.embed('<model-picker value="sam-desktop/qwen3.6-27b"></model-picker>');
    await open(page);
    await stage.stopGateway();
    const words =
      'The gateway does not respond. Check that Paddock is running and allows this page. The list may be out of date.';
    await page.locator('model-picker .error').filter({ hasText: words }).waitFor();
    expect(await readStatus(page)).toBe(words);
    expect(await optionsOf(page, /^Qwen3\.6 27B/u).count()).toBeGreaterThan(0);
    expect(await findViolations(page)).toEqual([]);
    await stage.startGateway();
    await page.locator('model-picker .error').waitFor({ state: 'detached', timeout: 15_000 });
  });

  it('reports it without a list too, and shows the list when there is one', async () => {
    const page = await stage.embed('');
    await stage.stopGateway();
    await page.evaluate(() =>
      document.querySelector('main')!.append(document.createElement('model-picker')),
    );
    await buttonOf(page).click();
    await page.locator('model-picker .error').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await stage.startGateway();
    await listOf(page).waitFor({ timeout: 15_000 });
    await page.keyboard.press('Escape');
    await listOf(page).waitFor({ state: 'detached' });
  });

  it('undoes a favorite when the gateway does not answer, and says so, closed and open', async () => {
    const page = await stage.embed('<model-picker value="sam-desktop/qwen3.6-27b"></model-picker>');
    await page.evaluate(() =>
      document.addEventListener('favorite', () => (document.title = 'starred')),
    );
    const star = page.getByRole('button', { name: 'Favorite: Qwen3.6 27B' });
    await star.waitFor();
    await stage.stopGateway();
    await star.click();
    const words = /Qwen3\.6 27B was not added to the favorites: The gateway does not respond/u;
    await page.locator('model-picker .error').filter({ hasText: words }).waitFor();
    expect(await star.getAttribute('aria-pressed')).toBe('false');
    expect(await readStatus(page)).toMatch(words);
    await open(page);
    await page.keyboard.press('Alt+f');
    await page.locator('model-picker .error').filter({ hasText: words }).waitFor();
    expect(await optionsOf(page, /^Qwen3\.6 27B.*favorite/u).count()).toBe(0);
    expect(await page.title()).toBe('Elsewhere');
  });

  it('shows a favorite immediately, and undoes it when the database refuses', async () => {
    const page = await stage.embed('<model-picker value="sam-desktop/gpt-oss-20b"></model-picker>');
    const star = page.getByRole('button', { name: 'Favorite: gpt-oss 20B' });
    await star.waitFor();
    const other = createClient({ url: database });
    await other.execute(
      "CREATE TRIGGER refuse BEFORE INSERT ON favorites BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/favorites/*', async (route) => {
      await released;
      await route.continue();
    });
    await star.click();
    expect(await star.getAttribute('aria-pressed')).toBe('true');
    release();
    const message = page.locator('model-picker .error');
    await message.waitFor();
    expect(await message.innerText()).toMatch(/^gpt-oss 20B was not added to the favorites: /u);
    expect(await star.getAttribute('aria-pressed')).toBe('false');
    await other.execute('DROP TRIGGER refuse');
    other.close();
  });
});

describeInBrowser('the picker of a gateway with API_KEYS', () => {
  let stage: PickerStage;
  beforeAll(async () => {
    stage = await startPickerStage({ settings: { API_KEYS: 'sesame-sesame-sesame' } });
  });
  afterAll(() => stage.close());

  describe('says', () => {
    it.each([
      ['that a key is needed', null, 'The gateway requires a key.'],
      ['that a key is wrong', 'wrong', 'The gateway does not accept this key.'],
    ])('%s, and lists the models with the right one', async (_name, key, words) => {
      const page = await stage.embed('<model-picker></model-picker>');
      await page.evaluate((given) => (document.querySelector('model-picker')!.key = given), key);
      await buttonOf(page).click();
      await page.getByText(words, { exact: true }).first().waitFor();
      await page.evaluate(
        () => (document.querySelector('model-picker')!.key = 'sesame-sesame-sesame'),
      );
      await listOf(page).waitFor();
      expect(await page.locator('model-picker .error').count()).toBe(0);
      expect(await page.content()).not.toContain('sesame');
      expect(stage.consoleErrors).toEqual([]);
    });
  });
});
