import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { findViolations } from './axe.ts';
import { describeInBrowser } from './chromium.ts';
import { startStage, type Stage } from './stage.ts';

const cardOf = (page: Page, label: string) => page.getByRole('article', { name: label });
const chartOf = (page: Page, label: string) =>
  page.getByRole('img', { name: `Latency of ${label} over the last five minutes` });

interface ProvidersAnswer {
  readonly providers: readonly { readonly name: string; readonly checkedAt: string | null }[];
}

describeInBrowser('the hosts view', () => {
  let stage: Stage;
  const open = (options: Parameters<Stage['open']>[1] = {}) => stage.open('/#/hosts', options);
  beforeAll(async () => {
    stage = await startStage({
      settings: { DEFAULT_MODEL: 'sam-desktop/gpt-oss-120b', TASK_MODEL: 'lab-server/gpt-oss-20b' },
    });
  });
  afterAll(async () => {
    await stage.close();
    expect(stage.consoleErrors).toEqual([]);
  });

  /** Loads a model with a chat request. */
  async function load(model: string): Promise<void> {
    const body = JSON.stringify({
      model,
      max_tokens: 1,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const headers = { 'content-type': 'application/json' };
    await fetch(`${stage.url}/v1/chat/completions`, { method: 'POST', headers, body }).then(
      (response) => response.text(),
    );
  }

  it('shows the state, label, models and version of every host, and its loaded models', async () => {
    const page = await open();
    const desktop = cardOf(page, "Sam's desktop");
    await desktop.getByText('9 models · llama-swap 251').waitFor();
    await desktop.getByText('Online').waitFor();
    await desktop.getByText('default', { exact: true }).waitFor();
    await desktop.getByText('qwen3.6-27b').waitFor();
    await cardOf(page, 'Lab server')
      .getByText(/^ready/u)
      .waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'draws the latency of each host in the colors of the %s theme',
    async (colorScheme) => {
      const page = await open({ colorScheme });
      const chart = chartOf(page, 'Lab server');
      await chart.waitFor();
      expect(await chart.getAttribute('aria-label')).toMatch(
        /: latest \d+ ms, median \d+ ms, worst \d+ ms$/u,
      );
      const canvas = chart.locator('canvas');
      await canvas.waitFor();
      // The line has the accent color of the theme.
      const color = colorScheme === 'light' ? [22, 101, 52] : [134, 217, 163];
      await expect.poll(() => canvas.evaluate(hasColor, color), { timeout: 10_000 }).toBe(true);
    },
  );

  it('draws the latency of the time in other views', async () => {
    const page = await stage.open('/#/chat');
    await page.clock.install();
    // A poll of the page may see the same probe again: the gateway's clock is another one.
    const probes = new Set<string | null>();
    page.on('response', async (response) => {
      if (!response.url().endsWith('/api/providers')) return;
      const { providers } = (await response.json()) as ProvidersAnswer;
      for (const { name, checkedAt } of providers) if (name === 'lab-server') probes.add(checkedAt);
    });
    await page.reload();
    while (probes.size < 3) await page.clock.runFor(1000);
    await page.getByRole('link', { name: 'Hosts' }).click();
    const chart = chartOf(page, 'Lab server');
    await chart.waitFor();
    const times = () =>
      chart.evaluate((element) => (element as unknown as { samples: unknown[] }).samples.length);
    expect(await times()).toBeGreaterThan(1);
  });

  it('shows an offline host with the reason and the time since, and that it is back', async () => {
    const page = await open();
    const lab = cardOf(page, 'Lab server');
    await lab.getByText('Online').waitFor();
    await stage.lab.stop();
    await lab.getByText('Offline').waitFor();
    await lab.getByText(/lab-server could not be reached/u).waitFor();
    await lab.getByText(/Last seen \d+ s ago\./u).waitFor();
    await page
      .getByRole('list', { name: /faults?$/u })
      .getByText(/lab-server could not/u)
      .waitFor();
    await page.getByText('its host is offline').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await stage.lab.start();
    await lab.getByText('Online').waitFor();
    await lab.getByText(/11 models/u).waitFor();
  });

  it('unloads a model after a confirmation, and not after a cancellation', async () => {
    await load('sam-desktop/gpt-oss-20b');
    const page = await open();
    const desktop = cardOf(page, "Sam's desktop");
    const unload = desktop.getByRole('button', { name: 'Unload gpt-oss-20b' });
    const dialog = page.getByRole('dialog', { name: "Unload gpt-oss-20b from Sam's desktop?" });
    await unload.click();
    await dialog.getByText('Requests in progress on it fail.').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await unload.click();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(stage.desktop.host.running().map(({ model }) => model)).toEqual(['gpt-oss-20b']);

    await unload.click();
    await dialog.getByRole('button', { name: 'Unload' }).click();
    await desktop.getByText("Unloaded gpt-oss-20b from Sam's desktop.").waitFor();
    expect(stage.desktop.host.running()).toEqual([]);
    await desktop.getByText('No models are loaded.').waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  it('unloads all models of a host', async () => {
    await load('lab-server/gpt-oss-20b');
    const page = await open({ colorScheme: 'dark' });
    const lab = cardOf(page, 'Lab server');
    await lab.getByRole('button', { name: 'Unload all models of Lab server' }).click();
    const dialog = page.getByRole('dialog', { name: 'Unload all models from Lab server?' });
    await dialog.getByText('gpt-oss-20b').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Unload' }).click();
    await lab.getByText('Unloaded all models from Lab server.').waitFor();
    expect(stage.lab.host.running()).toEqual([]);
  });

  it('reports a failed unload', async () => {
    await load('lab-server/gpt-oss-20b');
    const page = await open();
    await cardOf(page, 'Lab server').getByRole('button', { name: 'Unload gpt-oss-20b' }).click();
    const dialog = page.getByRole('dialog');
    await stage.lab.stop();
    try {
      await dialog.getByRole('button', { name: 'Unload' }).click();
      await dialog
        .getByRole('alert')
        .getByText(/^lab-server refused the connection/u)
        .waitFor();
    } finally {
      await stage.lab.start();
    }
  });

  it('names an outdated setting, and replacements for its value', async () => {
    const page = await open();
    const fault = page.getByRole('list', { name: '1 fault' }).getByRole('listitem');
    await fault.getByText(/DEFAULT_MODEL is "sam-desktop\/gpt-oss-120b"/u).waitFor();
    await fault.getByText('lab-server/gpt-oss-120b').waitFor();
    await fault.getByText('sam-desktop/gpt-oss-20b').waitFor();
    await page.getByText('no longer listed').first().waitFor();
  });

  it('checks the hosts again on demand', async () => {
    const page = await open();
    await page.getByText(/^checked \d+ s ago/u).waitFor();
    const request = page.waitForRequest('**/api/doctor');
    await page.getByRole('button', { name: 'Check again' }).click();
    await request;
  });

  it('lists a hidden favorite with the reason, and removes it', async () => {
    const path = `${stage.url}/api/favorites/lab-server%2Fretired`;
    await fetch(path, { method: 'PUT' });
    const page = await open();
    const hidden = page.getByRole('region', { name: 'Hidden favorites' });
    await hidden.getByText('Lab server no longer lists this model').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await hidden.getByRole('button', { name: 'Remove lab-server/retired' }).click();
    await hidden.waitFor({ state: 'detached' });
    const { favorites } = (await (await fetch(`${stage.url}/api/favorites`)).json()) as {
      favorites: unknown[];
    };
    expect(favorites).toEqual([]);
  });
});

/** Whether a canvas has a pixel of about this color. */
function hasColor(element: Element, color: number[]): boolean {
  const canvas = element as HTMLCanvasElement;
  const pixels =
    canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  for (let at = 0; at < pixels.length; at += 4) {
    const isOpaque = pixels[at + 3]! > 200;
    if (isOpaque && color.every((value, part) => Math.abs(pixels[at + part]! - value) < 12)) {
      return true;
    }
  }
  return false;
}

describeInBrowser('the console of a gateway without hosts', () => {
  it('shows in every view which setting to add', async () => {
    const stage = await startStage({ settings: { PROVIDERS: '' } });
    onTestFinished(() => stage.close());
    const page = await stage.open('/#/connect');
    await page.getByRole('link', { name: 'Configure hosts' }).click();
    await page.getByRole('heading', { name: 'No hosts are configured' }).waitFor();
    await page
      .locator('hosts-view pre')
      .getByText(/^PROVIDERS="/u)
      .waitFor();
    expect(await findViolations(page)).toEqual([]);
    expect(stage.consoleErrors).toEqual([]);
  });
});
