import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { findViolations } from './axe.ts';
import { describeInBrowser } from './chromium.ts';
import { buttonOf, listOf, optionsOf, startPickerStage } from './picker-stage.ts';
import type { PickerStage } from './picker-stage.ts';

/** Returns the texts of the open list's rows, headers included. */
function readRows(page: Page): Promise<string[]> {
  return listOf(page).evaluate((list) =>
    [...list.querySelectorAll('[part=header], [part=option], [part=notice]')].map((row) =>
      ((row as HTMLElement).innerText ?? '').replace(/\s+/gu, ' ').trim(),
    ),
  );
}

describeInBrowser('the picker', () => {
  let stage: PickerStage;
  beforeAll(async () => {
    stage = await startPickerStage();
  });
  afterAll(() => stage.close());
  afterEach(async () => {
    await stage.lab.start();
    for (const id of await readFavorites()) await setFavorite(id, false);
    expect(stage.consoleErrors).toEqual([]);
  });

  const readFavorites = async (): Promise<string[]> => {
    const { favorites } = await (await fetch(`${stage.url}/api/favorites`)).json();
    return favorites.map(({ id }: { id: string }) => id);
  };

  const setFavorite = (id: string, favorite: boolean) =>
    fetch(`${stage.url}/api/favorites/${encodeURIComponent(id)}`, {
      method: favorite ? 'PUT' : 'DELETE',
    });

  const open = async (page: Page) => {
    await buttonOf(page).first().click();
    await listOf(page).waitFor();
  };

  describe('shows', () => {
    it('favorites first and again in their groups, with the host where names are ambiguous', async () => {
      await setFavorite('lab-server/gpt-oss-20b', true);
      await setFavorite('sam-desktop/qwen3.6-27b', true);
      const page = await stage.embed('<model-picker></model-picker>');
      await open(page);
      const rows = await readRows(page);
      expect(rows.slice(0, 5)).toEqual([
        'Favorites',
        'gpt-oss 20B Lab server',
        "Qwen3.6 27B Sam's desktop ready 64k",
        "Sam's desktop online",
        'Devstral Small 2 24B 96k',
      ]);
      expect(rows).toContain("gpt-oss 20B Sam's desktop 128k");
      expect(rows.filter((row) => row === 'gpt-oss 20B Lab server')).toHaveLength(2);
    });

    it('the chosen model, its host and state, and fires a change event', async () => {
      const page = await stage.embed('<model-picker></model-picker>');
      await expect.poll(() => buttonOf(page).innerText()).toBe('Choose a model');
      await page.evaluate(() => {
        const values: string[] = [];
        document.body.addEventListener('change', (event) => {
          values.push((event.target as any).value);
          document.title = values.join();
        });
      });
      await open(page);
      await optionsOf(page, /^gpt-oss 120B/u).click();
      await expect.poll(() => page.title()).toBe('lab-server/gpt-oss-120b');
      expect(await listOf(page).count()).toBe(0);
      expect((await buttonOf(page).innerText()).split(/\s*\n\s*/u)).toEqual([
        'gpt-oss 120B',
        'Lab server',
        'ready',
      ]);
      await open(page);
      await optionsOf(page, /^gpt-oss 120B/u).click();
      expect(await page.title()).toBe('lab-server/gpt-oss-120b');
    });

    it('the model of a bare ID and an alias, and keeps both as values', async () => {
      const page = await stage.embed(
        '<model-picker value="gpt-oss-20b"></model-picker><model-picker value="default"></model-picker>',
      );
      const names = () => page.locator('model-picker .open .name').allInnerTexts();
      await expect.poll(names).toEqual(['gpt-oss 20B', 'Qwen3.6 27B']);
      const values = () =>
        page.evaluate(() => [...document.querySelectorAll('model-picker')].map((one) => one.value));
      expect(await values()).toEqual(['gpt-oss-20b', 'default']);
    });

    it('an offline host as one line, its favorites as another, and all models when it is back', async () => {
      await setFavorite('lab-server/gpt-oss-120b', true);
      const page = await stage.embed(
        '<model-picker value="lab-server/gpt-oss-120b"></model-picker>',
      );
      await open(page);
      await optionsOf(page, /^gpt-oss 120B/u)
        .first()
        .waitFor();
      await stage.lab.stop();
      await page.getByText('1 favorite is hidden: its host is offline.', { exact: true }).waitFor();
      const line = (await readRows(page)).at(-1);
      expect(line).toMatch(
        /^Lab server offline · last seen \d+ s ago · lab-server could not be reached: .*PROVIDERS\.$/u,
      );
      expect(await optionsOf(page, /Lab server/u).count()).toBe(0);
      expect(await buttonOf(page).innerText()).toContain('unavailable');
      expect(await page.locator('model-picker .reason').innerText()).toContain(
        'gpt-oss 120B is unavailable. lab-server could not be reached',
      );
      expect(await page.evaluate(() => document.querySelector('model-picker')?.value)).toBe(
        'lab-server/gpt-oss-120b',
      );
      await stage.lab.start();
      await expect
        .poll(() => optionsOf(page, /^gpt-oss 120B/u).count(), { timeout: 10_000 })
        .toBe(2);
      expect(await buttonOf(page).innerText()).not.toContain('unavailable');
    });
  });

  describe('favorites', () => {
    it('are the same in two pickers of one page and on the gateway, with one event stream', async () => {
      const page = await stage.embed(
        '<model-picker value="sam-desktop/gpt-oss-20b"></model-picker><model-picker value="sam-desktop/gpt-oss-20b"></model-picker>',
      );
      const feeds: string[] = [];
      page.on(
        'request',
        (request) => void (request.url().includes('/api/events') && feeds.push(request.url())),
      );
      const stars = page.getByRole('button', { name: 'Favorite: gpt-oss 20B' });
      await stars.first().click();
      await expect.poll(() => stars.nth(1).getAttribute('aria-pressed')).toBe('true');
      await expect.poll(readFavorites).toEqual(['sam-desktop/gpt-oss-20b']);
      expect(feeds.length).toBeLessThanOrEqual(1);
      await expect
        .poll(() => page.getByRole('status').first().innerText())
        .toBe('gpt-oss 20B added to the favorites.');
    });

    it('of other clients show without a reload', async () => {
      const page = await stage.embed('<model-picker></model-picker>');
      await open(page);
      await setFavorite('sam-desktop/gemma-4-12b-it', true);
      await expect.poll(() => optionsOf(page, /^Gemma 4 12B.*favorite/u).count()).toBe(2);
    });

    it('have a star of at least 24 px that chooses nothing and fires an event after the gateway stored it', async () => {
      const page = await stage.embed('<model-picker></model-picker>');
      await page.evaluate(() => {
        document.addEventListener('favorite', (event) => {
          document.title = JSON.stringify((event as CustomEvent).detail);
        });
        document.addEventListener('change', () => (document.title = 'changed'));
      });
      await open(page);
      const star = optionsOf(page, /^Devstral Small 2/u)
        .first()
        .locator('.star');
      const box = await star.boundingBox();
      expect(Math.min(box!.width, box!.height)).toBeGreaterThanOrEqual(24);
      const top = (await star.boundingBox())!.y;
      await star.click();
      await expect
        .poll(() => page.title())
        .toBe('{"id":"sam-desktop/devstral-small-2-24b","favorite":true}');
      expect(await optionsOf(page, /^Devstral Small 2/u).count()).toBe(2);
      // The row stays under the pointer.
      const after = await optionsOf(page, /^Devstral Small 2/u)
        .nth(1)
        .locator('.star')
        .boundingBox();
      expect(Math.abs(after!.y - top)).toBeLessThan(1);
    });
  });

  describe('a drag', () => {
    const IDS = ['lab-server/gpt-oss-20b', 'sam-desktop/qwen3.6-27b', 'lab-server/glm-4.5-air'];
    const openWithFavorites = async (options?: Parameters<PickerStage['embed']>[1]) => {
      for (const id of IDS) await setFavorite(id, true);
      const page = await stage.embed('<model-picker></model-picker>', options);
      await page.evaluate(() =>
        document.addEventListener('change', () => (document.title = 'changed')),
      );
      await open(page);
      await optionsOf(page, /favorite/u)
        .nth(2)
        .waitFor();
      return page;
    };
    const middleOf = async (page: Page, row: number, selector = '.name') => {
      const part = listOf(page).getByRole('option').nth(row).locator(selector);
      const { x, y, width, height } = (await part.boundingBox())!;
      return [x + width / 2, y + height / 2] as const;
    };
    const drag = async (page: Page, from: number, to: number) => {
      await page.mouse.move(...(await middleOf(page, from)));
      await page.mouse.down();
      await page.mouse.move(...(await middleOf(page, to)), { steps: 4 });
    };

    it('moves a favorite, shows where it goes, and chooses nothing', async () => {
      const page = await openWithFavorites();
      await drag(page, 0, 2);
      const names = () =>
        page.getByRole('group', { name: 'Favorites' }).locator('.name').allInnerTexts();
      expect(await names()).toEqual(['Qwen3.6 27B', 'GLM-4.5 Air', 'gpt-oss 20B']);
      expect(await readFavorites()).toEqual(IDS);
      await page.mouse.up();
      await expect.poll(readFavorites).toEqual([IDS[1], IDS[2], IDS[0]]);
      await expect
        .poll(() => page.getByRole('status').innerText())
        .toBe('gpt-oss 20B is favorite 3 of 3.');
      expect(await names()).toEqual(['Qwen3.6 27B', 'GLM-4.5 Air', 'gpt-oss 20B']);
      await drag(page, 2, 1);
      await page.mouse.up();
      await expect.poll(readFavorites).toEqual([IDS[1], IDS[0], IDS[2]]);
      // There and back, and out of the favorites.
      await drag(page, 0, 2);
      await page.mouse.move(...(await middleOf(page, 0)), { steps: 4 });
      await page.mouse.up();
      await drag(page, 4, 0);
      await page.mouse.up();
      expect(await readFavorites()).toEqual([IDS[1], IDS[0], IDS[2]]);
      expect(await listOf(page).count()).toBe(1);
      expect(await page.title()).toBe('Elsewhere');
      await listOf(page).getByRole('option').nth(1).click();
      await expect.poll(() => page.title()).toBe('changed');
    });

    it('of a finger moves a favorite by its grip, and scrolls elsewhere', async () => {
      const page = await openWithFavorites({
        viewport: { width: 360, height: 640 },
        hasTouch: true,
        isMobile: true,
      });
      const touches = await page.context().newCDPSession(page);
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at: readonly number[]) => {
        const [x = 0, y = 0] = at;
        const touchPoints = type === 'touchEnd' ? [] : [{ x, y }];
        return touches.send('Input.dispatchTouchEvent', { type, touchPoints });
      };
      const swipe = async (from: readonly [number, number], to: readonly [number, number]) => {
        await touch('touchStart', from);
        for (const share of [0.25, 0.5, 0.75, 1]) {
          await touch('touchMove', [
            from[0] + (to[0] - from[0]) * share,
            from[1] + (to[1] - from[1]) * share,
          ]);
        }
        await touch('touchEnd', to);
      };
      await swipe(await middleOf(page, 0, '.grip'), await middleOf(page, 1, '.grip'));
      await expect.poll(readFavorites).toEqual([IDS[1], IDS[0], IDS[2]]);
      const [x, y] = await middleOf(page, 4);
      await swipe([x, y], [x, y - 150]);
      await expect.poll(() => listOf(page).evaluate((list) => list.scrollTop)).toBeGreaterThan(50);
      expect(await readFavorites()).toEqual([IDS[1], IDS[0], IDS[2]]);
    });
  });

  it('has targets of at least 44 px for fingers, also with small text', async () => {
    await setFavorite('sam-desktop/qwen3.6-27b', true);
    const page = await stage.embed(
      '<div style="font-size: 12px"><model-picker value="sam-desktop/qwen3.6-27b"></model-picker></div>',
      { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true },
    );
    await page.locator('model-picker .control .star').waitFor();
    await buttonOf(page).tap();
    await optionsOf(page, /favorite/u)
      .first()
      .waitFor();
    for (const target of [
      '.open',
      '.control .star',
      '.search',
      '.option',
      '.option .star',
      '.grip',
    ]) {
      const box = await page.locator(`model-picker ${target}`).first().boundingBox();
      expect(Math.min(box!.width, box!.height), target).toBeGreaterThanOrEqual(44);
    }
    // The keyboard of the screen opens only when the field is tapped.
    const field = page.getByRole('combobox');
    expect(await field.getAttribute('inputmode')).toBe('none');
    await field.tap();
    expect(await field.getAttribute('inputmode')).toBe('search');
    await optionsOf(page, /^Gemma 4 12B/u)
      .first()
      .tap();
    await expect.poll(() => buttonOf(page).innerText()).toContain('Gemma 4 12B');
  });

  it('shows the whole name before the host where there is no room for both', async () => {
    const id = 'sam-desktop/devstral-small-2-24b';
    await setFavorite(id, true);
    const page = await stage.embed(
      `<div style="width: 18em"><model-picker value="${id}"></model-picker></div>`,
      { viewport: { width: 360, height: 640 } },
    );
    await page.locator('model-picker .control .host').waitFor({ state: 'attached' });
    await open(page);
    await optionsOf(page, /favorite/u)
      .first()
      .waitFor();
    for (const part of ['.open', '.option']) {
      const name = page.locator(`model-picker ${part} .name`).first();
      expect(await name.innerText()).toBe('Devstral Small 2 24B');
      expect(await name.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
    }
  });

  it.each([
    ['wide and light', { viewport: { width: 1100, height: 700 } }],
    ['wide and dark', { viewport: { width: 1100, height: 700 }, colorScheme: 'dark' as const }],
    ['narrow and light', { viewport: { width: 360, height: 640 } }],
    [
      'narrow, dark and touched',
      {
        viewport: { width: 360, height: 640 },
        colorScheme: 'dark' as const,
        hasTouch: true,
        isMobile: true,
      },
    ],
    [
      'in forced colors, without motion',
      { forcedColors: 'active' as const, reducedMotion: 'reduce' as const },
    ],
  ])('passes axe %s, closed and open', async (_name, options) => {
    await setFavorite('sam-desktop/qwen3.6-27b', true);
    await setFavorite('lab-server/gpt-oss-120b', true);
    await stage.lab.stop();
    const page = await stage.embed(
      `<p><label for="labelled">Model</label> <model-picker id="labelled" value="sam-desktop/qwen3.6-27b"></model-picker></p>
      <p><model-picker aria-label="Away" value="lab-server/gpt-oss-120b"></model-picker></p>
      <p><model-picker label="Nothing"></model-picker></p>
      <p><model-picker label="Disabled" value="default" disabled></model-picker></p>`,
      options,
    );
    await page.getByText('unavailable').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await open(page);
    await page.getByText('1 favorite is hidden: its host is offline.', { exact: true }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    const { width, x } = (await page.locator('model-picker .popup').first().boundingBox())!;
    const room = page.viewportSize()!.width;
    expect(x + width).toBeLessThanOrEqual(room);
    if (room === 360) expect([x, width]).toEqual([8, 344]);
  });

  it('works with a content security policy that allows only its script and its gateway', async () => {
    const policy = `default-src 'none'; script-src ${stage.url}; connect-src ${stage.url}; img-src data:`;
    const page = await stage.embed('<model-picker></model-picker>', { policy });
    await open(page);
    await optionsOf(page, /^gpt-oss 120B/u).click();
    await expect.poll(() => buttonOf(page).innerText()).toContain('gpt-oss 120B');
    expect((await page.locator('model-picker').boundingBox())!.width).toBeGreaterThan(300);
  });

  it('shows the beginning of a name, also in a right-to-left page', async () => {
    const page = await stage.embed(
      '<div dir="rtl" style="width: 10em"><model-picker value="sam-desktop/unsloth/Qwen3.6-35B-A3B-GGUF"></model-picker></div>',
    );
    const name = page.locator('model-picker .control .name');
    await name.getByText('unsloth/Qwen3.6-35B-A3B-GGUF').waitFor();
    const hidden = await name.evaluate((box) => {
      const letter = document.createRange();
      const text = document.createTreeWalker(box, NodeFilter.SHOW_TEXT).nextNode()!;
      letter.setStart(text, 0);
      letter.setEnd(text, 1);
      return box.getBoundingClientRect().left - letter.getBoundingClientRect().left;
    });
    expect(hidden).toBeLessThanOrEqual(0);
  });

  it('is not clipped by the page, and stays at its button', async () => {
    const page = await stage.embed(
      `<div id="box" style="overflow: hidden; height: 60px; transform: translateX(10px)"><model-picker></model-picker></div>
      <div style="height: 3000px"></div>`,
    );
    await open(page);
    const popup = page.locator('model-picker .popup');
    expect((await popup.boundingBox())!.height).toBeGreaterThan(300);
    const distance = async () =>
      (await popup.boundingBox())!.y -
      (await page.locator('model-picker .control').boundingBox())!.y;
    const before = await distance();
    await page.evaluate(() => (document.querySelector('main')!.style.paddingTop = '100px'));
    await expect.poll(distance).toBe(before);
    await page.evaluate(() => scrollTo(0, 80));
    await expect.poll(distance).toBe(before);
    await page.evaluate(() => scrollTo(0, 2000));
    await listOf(page).waitFor({ state: 'detached' });
  });
});
