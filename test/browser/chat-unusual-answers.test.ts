import { expect } from 'vitest';
import { paintPicture } from '../../demo/picture.ts';
import {
  answers,
  streamWords,
  beginStream,
  messageBox,
  waitForAnswer,
  endStream,
  sendDelta,
  ask,
} from './chat-host.ts';
import { createChatTest } from './chat-test.ts';
import { describeInBrowser } from './chromium.ts';

const it = createChatTest({ mayLogErrors: true });

describeInBrowser('a chat with unusual answers', () => {
  it('shows an answer that is not streamed, also as JSON on several lines', async ({
    host,
    page,
  }) => {
    const message = { role: 'assistant', content: 'All of it.' };
    const whole = { id: 'chatcmpl-1', choices: [{ index: 0, message, finish_reason: 'stop' }] };
    host.chat((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(whole, null, 2));
    });
    await ask(page, 'Hello');
    await page.getByText('All of it.', { exact: true }).waitFor();
  });

  it('reports a web page in place of an answer', async ({ host, page }) => {
    host.chat((response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><h1>Welcome</h1></html>');
    });
    await ask(page, 'Hello');
    await page.getByText('The response is not an answer of a model.').waitFor();
  });

  it('says why the host ended an answer early', async ({ host, page }) => {
    host.chat((response) => {
      beginStream(response);
      sendDelta(response, { content: 'Some' });
      endStream(response, 'content_filter');
    });
    await ask(page, 'Hello');
    await page.getByText('The host ended the answer: content filter.').waitFor();
  });

  it('pastes the text of a clipboard that has a picture too', async ({ page }) => {
    const isTextPasted = await messageBox(page).evaluate((field, base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0) ?? 0);
      const data = new DataTransfer();
      data.setData('text/plain', 'one\ttwo');
      data.items.add(new File([bytes], 'cells.png', { type: 'image/png' }));
      const init = { bubbles: true, cancelable: true, composed: true, clipboardData: data };
      // The browser inserts the text if no listener prevents the default.
      return field.dispatchEvent(new ClipboardEvent('paste', init));
    }, paintPicture('hay').toString('base64'));
    expect(isTextPasted).toBe(true);
  });

  it('requests the Markdown renderer at most three times if it does not load', async ({
    host,
    page,
  }) => {
    let requests = 0;
    await page.route('**/render-block-*', (route) => {
      requests += 1;
      return route.abort();
    });
    host.chat(streamWords('a stream of **many** words that goes on and on for some time', 20));
    await ask(page, 'Hello');
    await waitForAnswer(page);
    await answers(page).getByText('**many**').waitFor();
    expect(requests).toBeLessThan(4);
  });
});
