import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeInBrowser } from './chromium.ts';
import { buttonOf, listOf, optionsOf, readActive, startPickerStage } from './picker-stage.ts';
import type { PickerStage } from './picker-stage.ts';

describeInBrowser('the picker by keyboard alone', () => {
  let stage: PickerStage;
  let page: Page;
  beforeAll(async () => {
    stage = await startPickerStage();
    const id = encodeURIComponent('lab-server/gpt-oss-20b');
    await fetch(`${stage.url}/api/favorites/${id}`, { method: 'PUT' });
  });
  afterAll(() => stage.close());

  beforeEach(async () => {
    page = await stage.embed(
      `<input id="before" aria-label="Before" />
      <model-picker label="Model" value="sam-desktop/gpt-oss-20b"></model-picker>
      <input id="after" aria-label="After" />`,
    );
    await page.locator('model-picker .host').waitFor();
    await page.focus('#before');
    await page.keyboard.press('Tab');
  });
  afterEach(() => expect(stage.consoleErrors).toEqual([]));

  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const open = async (key = 'Enter') => {
    await press(key);
    await listOf(page).waitFor();
  };
  /** Stops the page's clock, so that a slow machine does not split a typed name. */
  const stopClock = async () => {
    await page.clock.install();
    await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 10_000);
  };
  /** Lets the time pass after which the next letter starts a new name. */
  const endName = () => page.clock.fastForward(1100);
  const readValue = () => page.evaluate(() => document.querySelector('model-picker')?.value);
  const readFocused = () =>
    page.evaluate(() => {
      const host = document.activeElement;
      return host?.shadowRoot?.activeElement?.id ?? host?.id;
    });

  it.each(['Enter', 'Space', 'ArrowDown', 'ArrowUp'])(
    'opens with %s, on the chosen model',
    async (key) => {
      await open(key);
      expect(await readActive(page)).toBe("gpt-oss 20B, Sam's desktop, 128k context, tool use");
      const chosen = page.getByRole('option', { selected: true });
      expect(await chosen.getAttribute('aria-label')).toBe(await readActive(page));
    },
  );

  it('has names for its button, list and groups', async () => {
    await page.getByRole('button', { name: /^Model gpt-oss 20B Sam's desktop$/u }).waitFor();
    expect(await page.getByRole('button', { expanded: false }).count()).toBe(1);
    await open();
    await page.getByRole('button', { expanded: true }).waitFor();
    await page.getByRole('listbox', { name: 'Model' }).waitFor();
    expect(await page.getByRole('group').count()).toBe(3);
    const favorites = page.getByRole('group', { name: 'Favorites' }).getByRole('option');
    expect(await favorites.count()).toBe(1);
    expect(await favorites.getAttribute('aria-posinset')).toBe('1');
    expect(await favorites.getAttribute('aria-setsize')).toBe('21');
  });

  it('moves from model to model, past headers, and to both ends', async () => {
    await open();
    await press('Home');
    expect(await readActive(page)).toMatch(/^gpt-oss 20B, Lab server/u);
    await press('ArrowDown');
    expect(await readActive(page)).toMatch(/^Devstral Small 2 24B/u);
    await press('ArrowUp', 'ArrowUp');
    expect(await readActive(page)).toMatch(/^gpt-oss 20B, Lab server/u);
    await press('End');
    expect(await readActive(page)).toMatch(/^Whisper large v3 turbo, Lab server/u);
    await press('PageUp');
    expect(await readActive(page)).not.toMatch(/^Whisper large v3 turbo, Lab server/u);
    await press('PageUp', 'PageUp');
    expect(await readActive(page)).toMatch(/^gpt-oss 20B, Lab server/u);
    await press('PageDown', 'PageDown', 'PageDown');
    expect(await readActive(page)).toMatch(/^Whisper large v3 turbo, Lab server/u);
  });

  it('scrolls to the active model', async () => {
    await page.setViewportSize({ width: 800, height: 420 });
    await open();
    for (const key of ['Home', ...Array.from({ length: 20 }, () => 'ArrowDown'), 'Home']) {
      await press(key);
      await page.evaluate(() => new Promise(requestAnimationFrame));
      const [list, active, header] = await Promise.all([
        listOf(page).boundingBox(),
        page.locator('model-picker .active').boundingBox(),
        page.locator('model-picker [part=header]').first().boundingBox(),
      ]);
      expect(active!.y).toBeGreaterThanOrEqual(list!.y + header!.height - 1);
      expect(active!.y + active!.height).toBeLessThanOrEqual(list!.y + list!.height + 1);
    }
  });

  it.each(['Enter', 'Space'])('chooses with %s, and returns to the button', async (key) => {
    await open();
    await press('Home', 'ArrowDown', key);
    await listOf(page).waitFor({ state: 'detached' });
    expect(await readValue()).toBe('sam-desktop/devstral-small-2-24b');
    expect(await readFocused()).toBe('button');
  });

  it('closes with Escape without a choice', async () => {
    await open();
    await press('ArrowDown', 'Escape');
    await listOf(page).waitFor({ state: 'detached' });
    expect(await readValue()).toBe('sam-desktop/gpt-oss-20b');
    expect(await readFocused()).toBe('button');
  });

  it('closes with Tab, which moves to the star and then on in the page', async () => {
    await open();
    await press('ArrowDown', 'Tab');
    await listOf(page).waitFor({ state: 'detached' });
    expect(await readValue()).toBe('sam-desktop/gpt-oss-20b');
    await page.getByRole('button', { name: 'Favorite: gpt-oss 20B', pressed: false }).waitFor();
    await press('Tab');
    expect(await readFocused()).toBe('after');
    await press('Shift+Tab', 'Space');
    await page.getByRole('button', { name: 'Favorite: gpt-oss 20B', pressed: true }).waitFor();
    await press('Space');
    await page.getByRole('button', { name: 'Favorite: gpt-oss 20B', pressed: false }).waitFor();
  });

  it('moves to the typed name', async () => {
    await open();
    await stopClock();
    await page.keyboard.type('qwen3-');
    expect(await readActive(page)).toMatch(/^Qwen3-VL 8B/u);
    await endName();
    await page.keyboard.type('gpt-oss 1');
    expect(await readActive(page)).toMatch(/^gpt-oss 120B/u);
    await endName();
    await press('g');
    expect(await readActive(page)).toMatch(/^gpt-oss 20B, Lab server/u);
    await press('g');
    expect(await readActive(page)).toMatch(/^Gemma 4 12B, Sam's desktop/u);
    await endName();
    await press('Shift+F');
    expect(await readActive(page)).toMatch(/^FLUX\.2/u);
    await endName();
    await page.keyboard.type('bge');
    await press('Enter');
    expect(await readValue()).toBe('lab-server/bge-reranker-v2-m3');
  });

  it('adds a favorite with f, announces it, and stays on the model in its place', async () => {
    await open();
    await stopClock();
    await page.keyboard.type('qwen3-vl');
    await endName();
    const before = (await page.locator('model-picker .active').boundingBox())!.y;
    await press('f');
    expect(await readActive(page)).toMatch(/^Qwen3-VL 8B.*favorite/u);
    await expect
      .poll(() => page.getByRole('status').innerText())
      .toBe('Qwen3-VL 8B added to the favorites.');
    expect((await page.locator('model-picker .active').boundingBox())!.y).toBeCloseTo(before, 0);
    expect(await optionsOf(page, /^Qwen3-VL 8B/u).count()).toBe(2);
    await press('f');
    await expect
      .poll(() => page.getByRole('status').innerText())
      .toBe('Qwen3-VL 8B removed from the favorites.');
    expect(await optionsOf(page, /^Qwen3-VL 8B/u).count()).toBe(1);
    expect(await listOf(page).count()).toBe(1);
  });

  it('hides keys from the page while it is open, except with Control and the like', async () => {
    await page.evaluate(() => {
      document.addEventListener('keydown', ({ key }) => (document.title += ` ${key}`));
      document.title = 'keys:';
    });
    await open();
    await press('ArrowDown', 'q', 'Control+b', 'Escape');
    expect(await page.title()).toBe('keys: Enter Control b');
  });

  it('closes with Escape without closing the dialog around it', async () => {
    await page.evaluate(() => {
      const dialog = document.createElement('dialog');
      document.body.append(dialog);
      dialog.append(document.querySelector('model-picker')!);
      dialog.showModal();
      document.querySelector('model-picker')!.focus();
    });
    await open();
    await press('ArrowDown', 'Escape');
    await listOf(page).waitFor({ state: 'detached' });
    expect(await page.locator('dialog').evaluate((dialog: HTMLDialogElement) => dialog.open)).toBe(
      true,
    );
    await open();
    await press('End', 'Enter');
    expect(await readValue()).toBe('lab-server/whisper-large-v3-turbo');
    expect(await buttonOf(page).innerText()).toContain('Whisper');
  });
});
