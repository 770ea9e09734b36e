import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { answers, streamWords, messageBox, waitForAnswer, replyWith, ask } from './chat-host.ts';
import { createChatTest } from './chat-test.ts';
import { describeInBrowser } from './chromium.ts';

const it = createChatTest();

describeInBrowser('the chat', () => {
  it('shows an answer while it streams, with its model, host and speed', async ({ host, page }) => {
    host.chat(streamWords('one two three four five six', 5));
    await ask(page, 'Count.');
    await page.getByText('one two').waitFor();
    expect(await page.getByText('six').count()).toBe(0);
    await page.getByText(/^~\d\.\d tokens\/s · first token after (?:0\.\d s|\d+ ms)$/u).waitFor();
    await page.getByText('one two three four five six').waitFor();
    await waitForAnswer(page);
    expect(await answers(page).textContent()).toMatch(/nag\s+Barn/u);
  });

  it('sends one request with the message and no parameters', async ({ host, page }) => {
    await ask(page, 'Hello');
    await waitForAnswer(page);
    // A second request would come within this time.
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

  it('sends the conversation with the next message', async ({ host, page }) => {
    await ask(page, 'Hello');
    await waitForAnswer(page);
    await ask(page, 'And?');
    await waitForAnswer(page, 1);
    expect(host.chats[1]?.messages).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hay.' },
      { role: 'user', content: 'And?' },
    ]);
  });

  it('stops on Escape, aborts the request to the host, and keeps the text so far', async ({
    host,
    page,
  }) => {
    host.chat(streamWords('on and '.repeat(5000), 20));
    const before = host.countAborted();
    await ask(page, 'Go on.');
    await page.getByText('on and on').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Stopped.').waitFor();
    await expect.poll(() => host.countAborted()).toBe(before + 1);
    await answers(page).getByText('on and on').waitFor();
    await page.getByRole('button', { name: 'Send' }).waitFor();
  });

  it('stops with its button before the first token', async ({ host, page }) => {
    host.chat(() => {});
    const before = host.countAborted();
    await ask(page, 'Go on.');
    await page.getByText('Waiting for Barn').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped.').waitFor();
    await expect.poll(() => host.countAborted()).toBe(before + 1);
  });

  it('sends the parameters that are set, and none in a new chat', async ({ host, page }) => {
    await page.getByRole('button', { name: 'Parameters' }).click();
    await page.getByLabel('System prompt').fill('Be brief.');
    await page.getByLabel('Temperature').fill('0.2');
    await page.getByLabel('Top P').fill('0.9');
    await page.getByLabel('Max tokens').fill('64');
    await ask(page, 'Hello');
    await waitForAnswer(page);
    expect(host.chats[0]).toMatchObject({
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }],
      temperature: 0.2,
      top_p: 0.9,
      max_tokens: 64,
    });
    await page.getByText('Parameters (4)').waitFor();
    await page.getByRole('button', { name: 'New chat' }).click();
    await ask(page, 'Hello');
    await expect
      .poll(() => host.chats[1])
      .toEqual({
        model: 'nag',
        messages: [{ role: 'user', content: 'Hello' }],
        stream: true,
        stream_options: { include_usage: true },
      });
  });

  it('breaks the line on Shift+Enter, and ignores Enter during a composition', async ({
    host,
    page,
  }) => {
    await messageBox(page).pressSequentially('one');
    await messageBox(page).press('Shift+Enter');
    await messageBox(page).pressSequentially('two');
    await messageBox(page).evaluate((field) => {
      const composing = { key: 'Enter', isComposing: true, bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent('keydown', composing));
    });
    expect(await messageBox(page).inputValue()).toBe('one\ntwo');
    expect(host.chats).toEqual([]);
    await messageBox(page).press('Enter');
    await expect.poll(() => host.chats[0]?.messages[0]?.content).toBe('one\ntwo');
  });

  it('replaces an answer with another one', async ({ host, page }) => {
    await ask(page, 'Hello');
    await waitForAnswer(page);
    host.chat(replyWith('Oats.'));
    await page.getByRole('button', { name: 'Answer again' }).click();
    await page.getByText('Oats.').waitFor();
    expect(await page.getByText('Hay.').count()).toBe(0);
    expect(host.chats[1]?.messages).toEqual([{ role: 'user', content: 'Hello' }]);
  });

  it('replaces an edited message and everything after it', async ({ host, page }) => {
    await ask(page, 'Hello');
    await waitForAnswer(page);
    await ask(page, 'And?');
    await waitForAnswer(page, 1);
    await page.getByText('Hello', { exact: true }).last().hover();
    await page.getByRole('button', { name: 'Edit this message' }).first().click();
    await page.getByRole('textbox', { name: 'Your message' }).fill('Good day');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => host.chats[2]?.messages)
      .toEqual([{ role: 'user', content: 'Good day' }]);
    await waitForAnswer(page);
    expect(await answers(page).count()).toBe(1);
    await page.getByRole('button', { name: 'Good day', exact: true }).waitFor();
  });

  it('works by keyboard alone', async ({ page }) => {
    await page.keyboard.type('Hello');
    await page.keyboard.press('Enter');
    await waitForAnswer(page);
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

  it('keeps the focus after an edit, another answer or a deletion', async ({ host, page }) => {
    const focused = () => nameFocused(page);
    await ask(page, 'Hello');
    await waitForAnswer(page);
    await page.getByRole('button', { name: 'Edit this message' }).press('Enter');
    await expect.poll(focused).toBe('Your message');
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('Edit this message');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('Your message');
    await page.keyboard.press('Enter');
    await expect.poll(() => host.chats.length).toBe(2);
    await waitForAnswer(page);
    await expect.poll(focused).toBe('Messages');
    await page.getByRole('button', { name: 'Answer again' }).press('Enter');
    await expect.poll(() => host.chats.length).toBe(3);
    await waitForAnswer(page);
    await expect.poll(focused).toBe('Messages');
    await page.getByRole('button', { name: 'Delete “Hello”' }).press('Enter');
    await page.getByRole('button', { name: 'Delete', exact: true }).press('Enter');
    await page.getByText('Ask nag').waitFor();
    await expect.poll(focused).toBe('New chat');
  });

  it('follows an answer only while it is scrolled to the end', async ({ host, page }) => {
    host.chat(streamWords('Line.\n\n'.repeat(400), 60));
    await ask(page, 'Go on.');
    const scroller = page.getByRole('log', { name: 'Messages' });
    const gap = () => scroller.evaluate((at) => at.scrollHeight - at.clientHeight - at.scrollTop);
    await expect.poll(() => scroller.evaluate((at) => at.scrollTop)).toBeGreaterThan(200);
    expect(await gap()).toBeLessThan(60);
    await scroller.hover();
    await page.mouse.wheel(0, -150);
    // The text grows, and the page stays where it is.
    await expect.poll(gap).toBeGreaterThan(300);
    await page.getByRole('button', { name: 'Go to the end' }).click();
    await expect.poll(gap).toBeLessThan(60);
    const height = () => scroller.evaluate((at) => at.scrollHeight);
    const before = await height();
    await expect.poll(height).toBeGreaterThan(before + 100);
    expect(await gap()).toBeLessThan(60);
    await page.keyboard.press('Escape');
  });

  it('continues an answer while another view is shown', async ({ host, page }) => {
    host.chat(streamWords('word '.repeat(20), 20));
    await ask(page, 'Go on.');
    await page.getByText('word word').waitFor();
    await page.getByRole('link', { name: 'Hosts' }).click();
    await page.getByRole('link', { name: 'Chat' }).click();
    await waitForAnswer(page);
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
