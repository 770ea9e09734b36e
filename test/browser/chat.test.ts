import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  answers,
  babble,
  box,
  ended,
  say,
  startChatHost,
  tell,
  type ChatHost,
} from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { setStage, type Stage } from './stage.ts';

describeInBrowser('the chat', () => {
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
    host.chats.length = 0;
    page = await stage.open('/#/chat');
    await page.getByText('Ask nag').waitFor();
  });
  afterAll(async () => {
    expect(stage.complaints).toEqual([]);
    await stage.close();
    await host.close();
  });

  it('shows an answer as it comes, who gives it, and how fast', async () => {
    host.chat(babble('one two three four five six', 5));
    await tell(page, 'Count.');
    await page.getByText('one two').waitFor();
    expect(await page.getByText('six').count()).toBe(0);
    await page.getByText(/^~\d\.\d tokens\/s · first token after (?:0\.\d s|\d+ ms)$/u).waitFor();
    await page.getByText('one two three four five six').waitFor();
    await ended(page);
    expect(await answers(page).textContent()).toMatch(/nag\s+Barn/u);
  });

  it('asks for no more than a person did', async () => {
    await tell(page, 'Hello');
    await ended(page);
    await page.waitForTimeout(300);
    expect(host.chats).toEqual([
      {
        model: 'nag',
        messages: [{ role: 'user', content: 'Hello' }],
        stream: true,
        stream_options: { include_usage: true },
      },
    ]);
  });

  it('goes on with what was said', async () => {
    await tell(page, 'Hello');
    await ended(page);
    await tell(page, 'And?');
    await ended(page, 1);
    expect(host.chats[1]?.messages).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hay.' },
      { role: 'user', content: 'And?' },
    ]);
  });

  it('is stopped by Escape, which ends the work on the host, and keeps what had come', async () => {
    host.chat(babble('on and '.repeat(5000), 20));
    const before = host.brokenOff();
    await tell(page, 'Go on.');
    await page.getByText('on and on').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Stopped.').waitFor();
    await expect.poll(() => host.brokenOff()).toBe(before + 1);
    await answers(page).getByText('on and on').waitFor();
    await page.getByRole('button', { name: 'Send' }).waitFor();
  });

  it('is stopped by its button before anything has come', async () => {
    host.chat(() => {});
    const before = host.brokenOff();
    await tell(page, 'Go on.');
    await page.getByText('Waiting for Barn').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped.').waitFor();
    await expect.poll(() => host.brokenOff()).toBe(before + 1);
  });

  it('sends the parameters that somebody set, and in a new chat none', async () => {
    await page.getByRole('button', { name: 'Parameters' }).click();
    await page.getByLabel('System prompt').fill('Be brief.');
    await page.getByLabel('Temperature').fill('0.2');
    await page.getByLabel('Top P').fill('0.9');
    await page.getByLabel('Max tokens').fill('64');
    await tell(page, 'Hello');
    await ended(page);
    expect(host.chats[0]).toMatchObject({
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }],
      temperature: 0.2,
      top_p: 0.9,
      max_tokens: 64,
    });
    await page.getByText('Parameters (4)').waitFor();
    await page.getByRole('button', { name: 'New chat' }).click();
    await tell(page, 'Hello');
    await expect
      .poll(() => host.chats[1])
      .toEqual({
        model: 'nag',
        messages: [{ role: 'user', content: 'Hello' }],
        stream: true,
        stream_options: { include_usage: true },
      });
  });

  it('breaks the line with Shift and Enter, and leaves the Enter of a composition alone', async () => {
    await box(page).pressSequentially('one');
    await box(page).press('Shift+Enter');
    await box(page).pressSequentially('two');
    await box(page).evaluate((field) => {
      const composing = { key: 'Enter', isComposing: true, bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent('keydown', composing));
    });
    expect(await box(page).inputValue()).toBe('one\ntwo');
    expect(host.chats).toEqual([]);
    await box(page).press('Enter');
    await expect.poll(() => host.chats[0]?.messages[0]?.content).toBe('one\ntwo');
  });

  it('asks again, in the place of an answer', async () => {
    await tell(page, 'Hello');
    await ended(page);
    host.chat(say('Oats.'));
    await page.getByRole('button', { name: 'Answer again' }).click();
    await page.getByText('Oats.').waitFor();
    expect(await page.getByText('Hay.').count()).toBe(0);
    expect(host.chats[1]?.messages).toEqual([{ role: 'user', content: 'Hello' }]);
  });

  it('asks a changed question in the place of all that came after it', async () => {
    await tell(page, 'Hello');
    await ended(page);
    await tell(page, 'And?');
    await ended(page, 1);
    await page.getByText('Hello', { exact: true }).last().hover();
    await page.getByRole('button', { name: 'Edit this message' }).first().click();
    await page.getByRole('textbox', { name: 'Your message' }).fill('Good day');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => host.chats[2]?.messages)
      .toEqual([{ role: 'user', content: 'Good day' }]);
    await ended(page);
    expect(await answers(page).count()).toBe(1);
    await page.getByRole('button', { name: 'Good day', exact: true }).waitFor();
  });

  it('is used by keyboard alone', async () => {
    await page.keyboard.type('Hello');
    await page.keyboard.press('Enter');
    await ended(page);
    const names: string[] = [];
    for (let presses = 0; presses < 30; presses += 1) {
      await page.keyboard.press('Shift+Tab');
      names.push(await nameFocused(page));
    }
    for (const name of [
      'Copy answer',
      'Answer again',
      'Edit this message',
      'Parameters',
      'New chat',
    ]) {
      expect(names).toContain(name);
    }
  });

  it('loses the focus of nobody who edits, asks again or deletes', async () => {
    const focused = () => nameFocused(page);
    await tell(page, 'Hello');
    await ended(page);
    await page.getByRole('button', { name: 'Edit this message' }).press('Enter');
    await expect.poll(focused).toBe('Your message');
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('Edit this message');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('Your message');
    await page.keyboard.press('Enter');
    await expect.poll(() => host.chats.length).toBe(2);
    await ended(page);
    await expect.poll(focused).toBe('Messages');
    await page.getByRole('button', { name: 'Answer again' }).press('Enter');
    await expect.poll(() => host.chats.length).toBe(3);
    await ended(page);
    await expect.poll(focused).toBe('Messages');
    await page.getByRole('button', { name: 'Delete “Hello”' }).press('Enter');
    await page.getByRole('button', { name: 'Delete', exact: true }).press('Enter');
    await page.getByText('Ask nag').waitFor();
    await expect.poll(focused).toBe('New chat');
  });

  it('follows an answer only while its reader is at the end', async () => {
    host.chat(babble('Line.\n\n'.repeat(400), 60));
    await tell(page, 'Go on.');
    const scroller = page.getByRole('log', { name: 'Messages' });
    const gap = () => scroller.evaluate((at) => at.scrollHeight - at.clientHeight - at.scrollTop);
    await expect.poll(() => scroller.evaluate((at) => at.scrollTop)).toBeGreaterThan(200);
    expect(await gap()).toBeLessThan(60);
    await scroller.hover();
    await page.mouse.wheel(0, -150);
    await page.waitForTimeout(600);
    expect(await gap()).toBeGreaterThan(200);
    await page.getByRole('button', { name: 'Go to the end' }).click();
    await page.waitForTimeout(300);
    expect(await gap()).toBeLessThan(60);
    await page.keyboard.press('Escape');
  });

  it('lets an answer go on while another view is shown', async () => {
    host.chat(babble('word '.repeat(20), 20));
    await tell(page, 'Go on.');
    await page.getByText('word word').waitFor();
    await page.getByRole('link', { name: 'Hosts' }).click();
    await page.getByRole('link', { name: 'Chat' }).click();
    await ended(page);
    await answers(page).getByText('word '.repeat(20).trim()).waitFor();
  });
});

function nameFocused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let { activeElement } = document;
    while (activeElement?.shadowRoot?.activeElement != null) {
      ({ activeElement } = activeElement.shadowRoot);
    }
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent?.trim() ?? '';
  });
}
