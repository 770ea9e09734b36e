import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './chromium.ts';
import { buttonOf, listOf, optionsOf, startPickerStage } from './picker-stage.ts';
import type { PickerStage } from './picker-stage.ts';

describeInBrowser('the picker in a form', () => {
  let stage: PickerStage;
  beforeAll(async () => {
    stage = await startPickerStage();
  });
  afterAll(() => stage.close());
  afterEach(() => expect(stage.consoleErrors).toEqual([]));

  const choose = async (page: Page, name: RegExp) => {
    await buttonOf(page).click();
    await optionsOf(page, name).first().click();
  };
  const readData = (page: Page) =>
    page.evaluate(() => Object.fromEntries(new FormData(document.forms[0])));
  const QWEN = 'sam-desktop/qwen3.6-27b';

  it('submits its value under its name, and nothing without a chosen model', async () => {
    const page = await stage.embed(
      '<form><model-picker name="model"></model-picker><button id="send">Send</button></form>',
    );
    expect(await readData(page)).toEqual({});
    await choose(page, /^gpt-oss 120B/u);
    expect(await readData(page)).toEqual({ model: 'lab-server/gpt-oss-120b' });
    await page.click('#send');
    await page.waitForURL(/\?model=lab-server%2Fgpt-oss-120b$/u);
  });

  it('resets to its default with the form', async () => {
    const page = await stage.embed(
      `<form><model-picker name="model" value="${QWEN}"></model-picker><button type="reset">Reset</button></form>`,
    );
    await choose(page, /^gpt-oss 120B/u);
    await page.getByText('Reset').click();
    expect(await readData(page)).toEqual({ model: QWEN });
    await expect.poll(() => buttonOf(page).innerText()).toContain('Qwen3.6 27B');
    expect(
      await page.evaluate(() => document.querySelector('model-picker')!.getAttribute('value')),
    ).toBe(QWEN);
  });

  it('blocks a form that requires it, says why, and allows it after a choice', async () => {
    const page = await stage.embed(
      '<form><model-picker name="model" required></model-picker><button id="send">Send</button></form>',
    );
    await page.click('#send');
    const state = () =>
      page.evaluate(() => {
        const picker = document.querySelector('model-picker')!;
        return [
          picker.validity.valueMissing,
          picker.validationMessage,
          document.activeElement === picker,
        ];
      });
    expect(await state()).toEqual([true, 'Choose a model.', true]);
    expect(page.url()).not.toContain('?');
    await choose(page, /^gpt-oss 120B/u);
    expect((await state()).slice(0, 2)).toEqual([false, '']);
    await page.click('#send');
    await page.waitForURL(/\?model=/u);
  });

  it.each([
    [
      'by itself',
      `<form><model-picker name="model" value="${QWEN}" disabled></model-picker></form>`,
    ],
    [
      'by a fieldset',
      `<form><fieldset disabled><model-picker name="model" value="${QWEN}"></model-picker></fieldset></form>`,
    ],
  ])(
    'is disabled %s: it does not open, has no active button, and submits nothing',
    async (_name, form) => {
      const page = await stage.embed(form);
      await page.locator('model-picker .host').waitFor();
      expect(await readData(page)).toEqual({});
      await buttonOf(page).click({ force: true });
      expect(await listOf(page).count()).toBe(0);
      expect(await page.locator('model-picker button:enabled').count()).toBe(0);
      await page.evaluate(() => {
        document.querySelector('fieldset')?.removeAttribute('disabled');
        document.querySelector('model-picker')!.disabled = false;
      });
      await buttonOf(page).click();
      await listOf(page).waitFor();
      expect(await readData(page)).toEqual({ model: QWEN });
    },
  );

  it('closes when it is disabled while open', async () => {
    const page = await stage.embed('<model-picker></model-picker>');
    await buttonOf(page).click();
    await listOf(page).waitFor();
    await page.evaluate(() => (document.querySelector('model-picker')!.disabled = true));
    await listOf(page).waitFor({ state: 'detached' });
  });

  it.each([
    ['its label', '<label for="it">Which model</label><model-picker id="it"></model-picker>'],
    ['a label around it', '<label>Which model <model-picker></model-picker></label>'],
    ['aria-label', '<model-picker aria-label="Which model"></model-picker>'],
    ['the attribute label', '<model-picker label="Which model"></model-picker>'],
  ])('is named by %s', async (_name, body) => {
    const page = await stage.embed(body);
    await page.getByRole('button', { name: 'Which model Choose a model' }).click();
    await page.getByRole('listbox', { name: 'Which model' }).waitFor();
  });

  it('gets the focus when its label is clicked', async () => {
    const page = await stage.embed(
      '<label for="it">Model</label><model-picker id="it"></model-picker>',
    );
    await page.getByText('Model', { exact: true }).first().click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('it');
    expect(await listOf(page).count()).toBe(0);
  });

  it('restores the chosen value when the user comes back to the page', async () => {
    const page = await stage.embed('<form><model-picker name="model"></model-picker></form>');
    await choose(page, /^gpt-oss 120B/u);
    await page.goto(`${stage.url}/health`);
    await page.goBack();
    await expect.poll(() => readData(page)).toEqual({ model: 'lab-server/gpt-oss-120b' });
  });

  it('takes a value that the page sets, before and after its module loads, without a change event', async () => {
    const page = await stage.embed(
      `<form><model-picker name="model"></model-picker></form>
      <script>
        document.querySelector('model-picker').value = '${QWEN}';
        addEventListener('change', () => (document.title = 'changed'));
      </script>`,
    );
    await expect.poll(() => readData(page)).toEqual({ model: QWEN });
    await page.evaluate(() => (document.querySelector('model-picker')!.value = 'gpt-oss-20b'));
    expect(await readData(page)).toEqual({ model: 'gpt-oss-20b' });
    await page.evaluate(() =>
      document.querySelector('model-picker')!.setAttribute('value', 'other'),
    );
    expect(await readData(page)).toEqual({ model: 'gpt-oss-20b' });
    expect(await page.title()).toBe('Elsewhere');
  });
});
