import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  answers,
  babble,
  ended,
  kept,
  say,
  startChatHost,
  tell,
  type ChatHost,
} from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { setStage, type Stage } from './stage.ts';

describeInBrowser('conversations', () => {
  let host: ChatHost;
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    host = await startChatHost();
    stage = await setStage({ settings: { PROVIDERS: host.entry } });
  });
  beforeEach(async () => {
    await page?.context().close();
    host.chat(say('Hay.'));
    page = await stage.open('/#/chat');
    await page.getByText('Ask nag').waitFor();
  });
  afterAll(async () => {
    expect(stage.complaints).toEqual([]);
    await stage.close();
    await host.close();
  });

  const list = (on: Page) => on.getByRole('list', { name: 'Conversations' });
  const titles = (on: Page) => list(on).locator('.open').allTextContents();
  const trimmed = async (on: Page) => (await titles(on)).map((title) => title.trim());

  it('are there again after a reload, by their first line', async () => {
    await tell(page, 'First of all\nand more');
    await ended(page);
    await page.getByRole('button', { name: 'New chat' }).click();
    await tell(page, 'Second');
    await ended(page);
    await expect.poll(() => trimmed(page)).toEqual(['Second', 'First of all']);
    host.chat(say('Straw.'));
    await tell(page, 'Third');
    await ended(page, 1);
    await kept(page, 'Straw.');
    await page.reload();
    await answers(page).getByText('Straw.').waitFor();
    await answers(page).getByText('Hay.').waitFor();
    await expect.poll(() => trimmed(page)).toEqual(['Second', 'First of all']);
    await list(page).getByText('First of all').click();
    await page.getByText('and more').waitFor();
    await answers(page).getByText('Hay.').waitFor();
  });

  it('keep an answer that a reload cut off, and say so', async () => {
    host.chat(babble('word '.repeat(1000), 30));
    await tell(page, 'Go on.');
    await page.getByText('word '.repeat(20).trim()).waitFor();
    await page.waitForTimeout(1200);
    await page.reload();
    await page.getByText('Incomplete: the page was closed before the answer ended.').waitFor();
    await answers(page).getByText('word '.repeat(20).trim()).waitFor();
  });

  it('go when they are deleted, which is asked first', async () => {
    await tell(page, 'Hello');
    await ended(page);
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

  it('of two tabs do not destroy each other', async () => {
    const other = await page.context().newPage();
    await other.goto(`${stage.url}/#/chat`);
    await other.getByText('Ask nag').waitFor();
    await tell(page, 'Here');
    await tell(other, 'There');
    await ended(page);
    await ended(other);
    for (const tab of [page, other]) {
      await expect.poll(async () => (await trimmed(tab)).toSorted()).toEqual(['Here', 'There']);
    }
  });

  it('are the same in two tabs, one of which shows what the other has added or deleted', async () => {
    await tell(page, 'Hello');
    await ended(page);
    const other = await page.context().newPage();
    await other.goto(`${stage.url}/#/chat`);
    await list(other).getByText('Hello').click();
    await ended(other);
    await tell(other, 'And?');
    await answers(page).nth(1).waitFor();
    await list(other).hover();
    await other.getByRole('button', { name: 'Delete “Hello”' }).click();
    await other.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('Ask nag').waitFor();
  });

  it('that two tabs go on with at once are both kept', async () => {
    await tell(page, 'Hello');
    await ended(page);
    const other = await page.context().newPage();
    await other.goto(`${stage.url}/#/chat`);
    await list(other).getByText('Hello').click();
    await ended(other);
    host.chat(babble('word '.repeat(40), 20));
    await Promise.all([tell(page, 'Left'), tell(other, 'Right')]);
    await ended(page, 1);
    await ended(other, 1);
    await page.getByText('Left').waitFor();
    await other.getByText('Right').waitFor();
    await expect.poll(() => trimmed(page)).toEqual(['Hello', 'Hello']);
  });

  it('are sent to nobody but the gateway, and there only when somebody asks', async () => {
    const asked: { method: string; url: string }[] = [];
    page.on('request', (request) => asked.push({ method: request.method(), url: request.url() }));
    await tell(page, 'A secret');
    await ended(page);
    await kept(page, 'Hay.');
    await page.reload();
    await answers(page).getByText('Hay.').waitFor();
    await page.waitForTimeout(500);
    expect(asked.filter(({ url }) => !url.startsWith(`${stage.url}/`))).toEqual([]);
    expect(asked.filter(({ method }) => method !== 'GET')).toEqual([
      { method: 'POST', url: `${stage.url}/v1/chat/completions` },
    ]);
  });
});
