import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { findViolations } from './axe.ts';
import { describeInBrowser } from './chromium.ts';
import { buttonOf, listOf, readActive, startPickerStage } from './picker-stage.ts';
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

  const readStored = async (): Promise<string[]> => {
    const { favorites } = await (await fetch(`${stage.url}/api/favorites`)).json();
    return favorites.map(({ id }: { id: string }) => id);
  };
  const readNames = () =>
    listOf(page)
      .getByRole('option')
      .evaluateAll((rows) => rows.map((row) => row.querySelector('.name')?.textContent));
  const said = (text: string) => expect.poll(() => page.getByRole('status').innerText()).toBe(text);

  it.each([
    ['flux', ['FLUX.2 klein 4B']],
    ['RERANKER-V2', ['BGE reranker v2 M3']],
    ['lab-server/gpt', ['gpt-oss 20B', 'gpt-oss 120B', 'gpt-oss 20B']],
    ['desktop gemma', ['Gemma 4 12B']],
  ])('filters by "%s", and no letter changes a favorite', async (text, names) => {
    const before = await readStored();
    await open();
    await page.keyboard.type(text);
    expect((await readNames()).toSorted()).toEqual(names.toSorted());
    await said(text === 'lab-server/gpt' ? '2 models match.' : '1 model matches.');
    expect(await readStored()).toEqual(before);
    await press('Enter');
    expect(await buttonOf(page).innerText()).toContain(names[0]);
  });

  it('is a combobox with a grouped listbox, whose field stays in place while it filters', async () => {
    await open();
    const field = page.getByRole('combobox', { name: 'Model', expanded: true });
    expect(await field.evaluate((input) => input.matches(':focus'))).toBe(true);
    const place = await field.boundingBox();
    const box = await page.locator('model-picker .popup').boundingBox();
    await page.keyboard.type('bge');
    await page.getByRole('group', { name: 'Lab server' }).waitFor();
    expect(await page.getByRole('group').count()).toBe(1);
    expect(await page.locator('model-picker .active').getAttribute('aria-setsize')).toBe('1');
    expect(await field.boundingBox()).toEqual(place);
    expect(await page.locator('model-picker .popup').boundingBox()).toEqual(box);
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.type(' no');
    await listOf(page).getByText('No model matches "bge no".', { exact: true }).waitFor();
    await said('No model matches.');
    expect(await readActive(page)).toBeNull();
    expect(await findViolations(page)).toEqual([]);
    await press('Enter', 'Alt+f', 'Alt+ArrowUp', 'ArrowDown');
    expect(await readValue()).toBe('sam-desktop/gpt-oss-20b');
    await press('Control+a', 'Backspace');
    expect(await readActive(page)).toMatch(/^gpt-oss 20B, Sam's desktop/u);
    expect(await page.locator('model-picker .active').getAttribute('aria-setsize')).toBe('21');
  });

  it('keeps its text from the page: no input or change event before the choice', async () => {
    await page.evaluate(() => {
      document.title = 'events:';
      for (const type of ['input', 'change']) {
        document.addEventListener(type, () => (document.title += ` ${type}`));
      }
    });
    await open();
    await page.keyboard.type('whisper');
    expect(await page.title()).toBe('events:');
    await press('Enter');
    expect(await page.title()).toBe('events: change');
  });

  it('adds a favorite with Alt+F, announces it, and stays on the model in its place', async () => {
    await open();
    await press('Home', ...Array.from({ length: 7 }, () => 'ArrowDown'));
    const name = String(await readActive(page)).replace(/,.*/u, '');
    const before = (await page.locator('model-picker .active').boundingBox())!.y;
    await press('Alt+f');
    expect(await readActive(page)).toMatch(/, favorite\b/u);
    await said(`${name} added to the favorites.`);
    expect((await page.locator('model-picker .active').boundingBox())!.y).toBeCloseTo(before, 0);
    await press('Alt+F');
    await said(`${name} removed from the favorites.`);
    expect(await readActive(page)).not.toMatch(/favorite/u);
    expect(await listOf(page).count()).toBe(1);
  });

  it('orders favorites with Alt and the arrows, and not the others', async () => {
    const ids = ['lab-server/gpt-oss-20b', 'sam-desktop/qwen3.6-27b', 'lab-server/glm-4.5-air'];
    for (const id of ids.slice(1)) {
      const path = `/api/favorites/${encodeURIComponent(id)}`;
      await fetch(stage.url + path, { method: 'PUT' });
      onTestFinished(async () => void (await fetch(stage.url + path, { method: 'DELETE' })));
    }
    await open();
    await page.getByRole('group', { name: 'Favorites' }).getByRole('option').nth(2).waitFor();
    await press('Home', 'Alt+ArrowDown');
    await said('gpt-oss 20B is favorite 2 of 3.');
    expect(await readActive(page)).toMatch(/^gpt-oss 20B, Lab server/u);
    expect((await readNames()).slice(0, 3)).toEqual(['Qwen3.6 27B', 'gpt-oss 20B', 'GLM-4.5 Air']);
    await press('Alt+ArrowDown', 'Alt+ArrowDown');
    await said('gpt-oss 20B is favorite 3 of 3.');
    await expect.poll(readStored).toEqual([ids[1], ids[2], ids[0]]);
    await press('ArrowDown', 'Alt+ArrowDown', 'Alt+ArrowUp', 'Home', 'Alt+ArrowUp');
    // With a filter, it moves past the favorites that are shown.
    await page.keyboard.type('lab');
    await press('ArrowDown', 'Alt+ArrowUp');
    await said('gpt-oss 20B is favorite 2 of 3.');
    await expect.poll(readStored).toEqual([ids[1], ids[0], ids[2]]);
    await press('Alt+ArrowUp');
    expect(await readStored()).toEqual([ids[1], ids[0], ids[2]]);
  });

  it('hides keys from the page while it is open, except with Control and the like', async () => {
    await page.evaluate(() => {
      document.addEventListener('keydown', ({ key }) => (document.title += ` ${key}`));
      document.title = 'keys:';
    });
    await open();
    await press(
      'ArrowDown',
      'q',
      'ArrowLeft',
      'Backspace',
      'Alt+f',
      'Alt+f',
      'Control+b',
      'Escape',
    );
    expect(await page.title()).toBe('keys: Enter Alt Alt Control b');
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
