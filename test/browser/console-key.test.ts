import { afterAll, beforeAll, expect, it } from 'vitest';
import { findViolations } from './axe.ts';
import { describeInBrowser } from './chromium.ts';
import { startStage, type Stage } from './stage.ts';

describeInBrowser('the console of a gateway with API_KEYS', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({ settings: { API_KEYS: 'me:s3cret' } });
  });
  afterAll(async () => {
    await stage.close();
    expect(stage.consoleErrors).toEqual([]);
  });

  it('asks for the key once, reports a wrong one, and stores the right one in the tab', async () => {
    const page = await stage.open('/#/hosts');
    const dialog = page.getByRole('dialog', { name: 'Paddock requires a key' });
    const field = dialog.getByLabel('Key', { exact: true });
    await field.waitFor();
    expect(await findViolations(page)).toEqual([]);
    expect(await field.getAttribute('type')).toBe('password');
    expect(await field.getAttribute('autocomplete')).toBe('current-password');

    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await dialog.getByText('Paddock does not accept this key.').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Show' }).click();
    expect(await field.getAttribute('type')).toBe('text');

    await field.fill('s3cret');
    await page.keyboard.press('Enter');
    await page.locator('host-card').first().waitFor();
    expect(await dialog.isVisible()).toBe(false);
    await page
      .getByText(/^ready/u)
      .first()
      .waitFor();

    await page.reload();
    await page.locator('host-card').first().waitFor();
    expect(await dialog.isVisible()).toBe(false);
  });

  it('asks again in another tab, and after "Not now" only on demand', async () => {
    const page = await stage.open('/', { colorScheme: 'dark' });
    const dialog = page.getByRole('dialog', { name: 'Paddock requires a key' });
    await dialog.waitFor();
    expect(await findViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Not now' }).click();
    // The page repeats its requests, and each one gets a 401.
    for (let repeats = 0; repeats < 2; repeats += 1) {
      await page.waitForResponse((response) => response.status() === 401);
    }
    expect(await dialog.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Enter the key' }).click();
    await dialog.getByLabel('Key', { exact: true }).fill('s3cret');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Forget key' }).waitFor();
    await page.getByRole('link', { name: 'Hosts' }).click();
    await page.locator('host-card').first().waitFor();
  });

  it('forgets the key on demand', async () => {
    const page = await stage.open('/');
    const dialog = page.getByRole('dialog', { name: 'Paddock requires a key' });
    await dialog.getByLabel('Key', { exact: true }).fill('s3cret');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Forget key' }).click();
    await dialog.waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await page.reload();
    await dialog.waitFor();
  });

  it('reports a stored key that is not valid any more', async () => {
    const page = await stage.open('/');
    await page.evaluate(() => sessionStorage.setItem('paddock-key', 'of-last-year'));
    await page.reload();
    await page.getByText('Paddock does not accept this key.').waitFor();
  });
});
