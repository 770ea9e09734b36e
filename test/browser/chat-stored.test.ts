import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { answers, streamWords, waitForAnswer, waitForStored, replyWith, ask } from './chat-host.ts';
import { createChatTest } from './chat-test.ts';
import { describeInBrowser } from './chromium.ts';

const it = createChatTest();

describeInBrowser('stored conversations', () => {
  const list = (on: Page) => on.getByRole('list', { name: 'Conversations' });
  const titles = (on: Page) => list(on).locator('.open').allTextContents();
  const trimmed = async (on: Page) => (await titles(on)).map((title) => title.trim());

  it('are listed after a reload, by their first line', async ({ host, page }) => {
    await ask(page, 'First of all\nand more');
    await waitForAnswer(page);
    await page.getByRole('button', { name: 'New chat' }).click();
    await ask(page, 'Second');
    await waitForAnswer(page);
    await expect.poll(() => trimmed(page)).toEqual(['Second', 'First of all']);
    host.chat(replyWith('Straw.'));
    await ask(page, 'Third');
    await waitForAnswer(page, 1);
    await waitForStored(page, 'Straw.');
    await page.reload();
    await answers(page).getByText('Straw.').waitFor();
    await answers(page).getByText('Hay.').waitFor();
    await expect.poll(() => trimmed(page)).toEqual(['Second', 'First of all']);
    await list(page).getByText('First of all').click();
    await page.getByText('and more').waitFor();
    await answers(page).getByText('Hay.').waitFor();
  });

  it('keep an answer that a reload cut off, and mark it', async ({ host, page }) => {
    host.chat(streamWords('word '.repeat(1000), 30));
    await ask(page, 'Go on.');
    await waitForStored(page, 'word '.repeat(20).trim());
    await page.reload();
    await page.getByText('Incomplete: the page was closed before the answer ended.').waitFor();
    await answers(page).getByText('word '.repeat(20).trim()).waitFor();
  });

  it('are deleted after a confirmation', async ({ page }) => {
    await ask(page, 'Hello');
    await waitForAnswer(page);
    await list(page).hover();
    await page.getByRole('button', { name: 'Delete “Hello”' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await trimmed(page)).toEqual(['Hello']);
    await page.getByRole('button', { name: 'Delete “Hello”' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('Ask nag').waitFor();
    await expect.poll(() => list(page).count()).toBe(0);
    await page.reload();
    await page.getByText('Ask nag').waitFor();
    expect(await list(page).count()).toBe(0);
  });

  it('of two tabs are both kept', async ({ page, stage }) => {
    const other = await page.context().newPage();
    await other.goto(`${stage.url}/#/chat`);
    await other.getByText('Ask nag').waitFor();
    await ask(page, 'Here');
    await ask(other, 'There');
    await waitForAnswer(page);
    await waitForAnswer(other);
    for (const tab of [page, other]) {
      await expect.poll(async () => (await trimmed(tab)).toSorted()).toEqual(['Here', 'There']);
    }
  });

  it('show in one tab what another tab adds or deletes', async ({ page, stage }) => {
    await ask(page, 'Hello');
    await waitForAnswer(page);
    const other = await page.context().newPage();
    await other.goto(`${stage.url}/#/chat`);
    await list(other).getByText('Hello').click();
    await waitForAnswer(other);
    await ask(other, 'And?');
    await answers(page).nth(1).waitFor();
    await list(other).hover();
    await other.getByRole('button', { name: 'Delete “Hello”' }).click();
    await other.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('Ask nag').waitFor();
  });

  it('are kept twice if two tabs continue one at the same time', async ({ host, page, stage }) => {
    await ask(page, 'Hello');
    await waitForAnswer(page);
    const other = await page.context().newPage();
    await other.goto(`${stage.url}/#/chat`);
    await list(other).getByText('Hello').click();
    await waitForAnswer(other);
    host.chat(streamWords('word '.repeat(20), 20));
    await Promise.all([ask(page, 'Left'), ask(other, 'Right')]);
    await waitForAnswer(page, 1);
    await waitForAnswer(other, 1);
    await page.getByText('Left').waitFor();
    await other.getByText('Right').waitFor();
    await expect.poll(() => trimmed(page)).toEqual(['Hello', 'Hello']);
  });

  it('are sent only to the gateway, and only with a new message', async ({ page, stage }) => {
    const requests: { method: string; url: string }[] = [];
    page.on('request', (request) =>
      requests.push({ method: request.method(), url: request.url() }),
    );
    await ask(page, 'A secret');
    await waitForAnswer(page);
    await waitForStored(page, 'Hay.');
    await page.reload();
    await answers(page).getByText('Hay.').waitFor();
    await page.waitForTimeout(500);
    expect(requests.filter(({ url }) => !url.startsWith(`${stage.url}/`))).toEqual([]);
    expect(requests.filter(({ method }) => method !== 'GET')).toEqual([
      { method: 'POST', url: `${stage.url}/v1/chat/completions` },
    ]);
  });
});
