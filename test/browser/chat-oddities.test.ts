import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { paintPicture } from '../../demo/picture.ts';
import {
  answers,
  babble,
  begin,
  box,
  ended,
  finish,
  send,
  startChatHost,
  tell,
  type ChatHost,
} from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { setStage, type Stage } from './stage.ts';

describeInBrowser('a chat with what is not as usual', () => {
  let host: ChatHost;
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    host = await startChatHost();
    stage = await setStage({ settings: { PROVIDERS: host.entry } });
  });
  beforeEach(async () => {
    await page?.context().close();
    page = await stage.open('/#/chat');
    await page.getByText('Ask nag').waitFor();
  });
  afterAll(async () => {
    await stage.close();
    await host.close();
  });

  it('shows an answer that does not stream, on however many lines its JSON is', async () => {
    const message = { role: 'assistant', content: 'All of it.' };
    const whole = { id: 'chatcmpl-1', choices: [{ index: 0, message, finish_reason: 'stop' }] };
    host.chat((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(whole, null, 2));
    });
    await tell(page, 'Hello');
    await page.getByText('All of it.', { exact: true }).waitFor();
  });

  it('says so where a page comes in place of an answer', async () => {
    host.chat((response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><h1>Welcome</h1></html>');
    });
    await tell(page, 'Hello');
    await page.getByText('The response is not an answer of a model.').waitFor();
  });

  it('says why an answer ended, where its model had more to say', async () => {
    host.chat((response) => {
      begin(response);
      send(response, { content: 'Some' });
      finish(response, 'content_filter');
    });
    await tell(page, 'Hello');
    await page.getByText('The host ended the answer: content filter.').waitFor();
  });

  it('takes the words of what is pasted, also where a picture of them comes along', async () => {
    const isTaken = await box(page).evaluate((field, base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0) ?? 0);
      const data = new DataTransfer();
      data.setData('text/plain', 'one\ttwo');
      data.items.add(new File([bytes], 'cells.png', { type: 'image/png' }));
      const init = { bubbles: true, cancelable: true, composed: true, clipboardData: data };
      // Whoever does not prevent it lets the browser insert the words.
      return field.dispatchEvent(new ClipboardEvent('paste', init));
    }, paintPicture('hay').toString('base64'));
    expect(isTaken).toBe(true);
  });

  it('asks a few times at most for what draws Markdown, where that does not come', async () => {
    let asked = 0;
    await page.route('**/render-block-*', (route) => {
      asked += 1;
      return route.abort();
    });
    host.chat(babble('a stream of **many** words that goes on and on for some time', 20));
    await tell(page, 'Hello');
    await ended(page);
    await answers(page).getByText('**many**').waitFor();
    expect(asked).toBeLessThan(4);
  });
});
