import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { paintPicture } from '../../demo/picture.ts';
import {
  answers,
  beginStream,
  messageBox,
  waitForAnswer,
  endStream,
  openChat,
  replyWith,
  sendDelta,
  startChatHost,
  ask,
  type ChatHost,
} from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { startStage, type Stage } from './stage.ts';

const HOSTILE = `<img src=x onerror="globalThis.harm = 1"><script>globalThis.harm = 2</script>

<svg onload="globalThis.harm = 3"><use href="https://elsewhere.test/a.svg"></use></svg>
<iframe src="https://elsewhere.test/"></iframe><object data="https://elsewhere.test/"></object>
<style>* { display: none }</style><link rel="stylesheet" href="https://elsewhere.test/a.css">
<p style="position: fixed; inset: 0" class="bar copy" id="key">Styled</p>
<form action="https://elsewhere.test/"><input name="key"><button>Sign in</button></form>
<video src="https://elsewhere.test/a.mp4" poster="https://elsewhere.test/a.png"></video>
<a href="javascript:globalThis.harm = 4">Click</a> <a href="/api/unload">Here</a>

[Markdown](javascript:globalThis.harm=5) and [data](data:text/html,<script>1</script>)

![a barn](https://elsewhere.test/barn.png) ![](//elsewhere.test/b.png) <img srcset="https://elsewhere.test/c.png 2x" alt="set">

![svg](data:image/svg+xml;base64,PHN2Zy8+)

[A link](https://example.com/ "titled")`;

describeInBrowser('an answer in the chat', () => {
  let host: ChatHost;
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    host = await startChatHost();
    stage = await startStage({ settings: { PROVIDERS: host.entry } });
  });
  beforeEach(async () => {
    page = await stage.open('/#/chat', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByText('Ask nag').waitFor();
  });
  afterAll(async () => {
    await stage.close();
    await host.close();
  });

  it('renders Markdown: lists, tables, headings, links', async () => {
    host.chat(
      replyWith(
        '# Hay\n\nH<sub>2</sub>O<br>\n\n1. one\n2. two\n\n- [x] done\n\n| a | b |\n| - | -: |\n| 1 | 2 |\n\nSee [x].\n\n[x]: https://example.com/',
      ),
    );
    await ask(page, 'Hello');
    await page.getByRole('heading', { name: 'Hay', level: 3 }).waitFor();
    expect(await answers(page).getByRole('listitem').allTextContents()).toEqual([
      'one',
      'two',
      '☑ done',
    ]);
    expect(await page.locator('sub').textContent()).toBe('2');
    await page.getByRole('cell', { name: '2' }).waitFor();
    const link = page.getByRole('link', { name: 'x', exact: true });
    expect(await link.getAttribute('href')).toBe('https://example.com/');
    expect(await link.getAttribute('target')).toBe('_blank');
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('is copied as Markdown, and a code block as code', async () => {
    const text = 'So:\n\n```js\nconst hay = "<b>";\n```';
    host.chat(replyWith(text));
    await ask(page, 'Hello');
    await page.locator('.hljs-keyword', { hasText: 'const' }).waitFor();
    await page.getByRole('button', { name: 'Copy code' }).click();
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(clipboard).toBe('const hay = "<b>";');
    await page.getByRole('button', { name: 'Copy answer' }).click();
    await expect.poll(clipboard).toBe(text);
    await page.getByRole('button', { name: 'Copied answer' }).waitFor();
  });

  it('runs no script and requests no other server, whatever the model writes', async () => {
    const urls: string[] = [];
    page.on('request', (request) => urls.push(request.url()));
    host.chat(replyWith(HOSTILE));
    await ask(page, '<img src=x onerror="globalThis.harm = 6">');
    await waitForAnswer(page);
    await page.getByRole('link', { name: 'A link' }).waitFor();
    for (const name of ['Markdown', 'data', 'svg']) {
      const place = answers(page).getByText(name, { exact: true });
      await place.click({ force: true });
      expect(await place.getAttribute('href')).toBeNull();
    }
    await page.waitForTimeout(200);
    expect(await page.evaluate(() => (globalThis as { harm?: number }).harm)).toBeUndefined();
    expect(urls.filter((url) => !url.startsWith(stage.url))).toEqual([]);
    expect(urls.filter((url) => url.includes('unload'))).toEqual([]);
    const tags = 'img, script, svg, iframe, object, style, link, form, input, video, [style], [id]';
    expect(await page.locator('markdown-text').locator(tags).count()).toBe(0);
    const barn = page.getByRole('link', { name: 'a barn' });
    expect(await barn.getAttribute('href')).toBe('https://elsewhere.test/barn.png');
    // HTML is shown as text.
    await answers(page).getByText('<a href="javascript:globalThis.harm = 4">Click</a>').waitFor();
    expect(stage.consoleErrors).toEqual([]);
  });

  it('shows a picture with a data URL', async () => {
    const picture = `data:image/png;base64,${paintPicture('hay').toString('base64')}`;
    host.chat(replyWith(`![hay](${picture})`));
    await ask(page, 'Hello');
    const image = page.getByRole('img', { name: 'hay' });
    await image.waitFor();
    expect(await image.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(64);
  });

  it('has a separate part for reasoning, which is open until the answer starts', async () => {
    let startAnswer = () => {};
    host.chat(async (response) => {
      beginStream(response);
      sendDelta(response, { reasoning_content: 'A greeting, ' });
      sendDelta(response, { reasoning: 'it seems.' });
      await new Promise<void>((resolve) => (startAnswer = resolve));
      sendDelta(response, { content: 'Good day.' });
      endStream(response);
    });
    await ask(page, 'Hello');
    await page.getByText('Thinking…').waitFor();
    await page.getByText('A greeting, it seems.').waitFor();
    startAnswer();
    await page.getByText('Good day.').waitFor();
    expect(await page.getByText('A greeting').isVisible()).toBe(false);
    await page.getByText('Reasoning').click();
    await page.getByText('A greeting, it seems.').waitFor();
  });

  it('says that it ended at the token limit', async () => {
    host.chat((response) => {
      beginStream(response);
      sendDelta(response, { content: 'Half' });
      endStream(response, 'length');
    });
    await ask(page, 'Hello');
    await page.getByText('The answer reached the token limit.').waitFor();
  });
});

describeInBrowser('pictures in the chat', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(async () => {
    expect(stage.consoleErrors).toEqual([]);
    await stage.close();
  });

  it('are sent to a model with vision, scaled down to its limit', async () => {
    const page = await openChat(stage, 'sam-desktop/gemma-4-12b-it');
    const large = await page.evaluate(() => {
      const canvas = document.createElement('canvas');
      canvas.width = 3200;
      canvas.height = 800;
      return canvas.toDataURL().split(',')[1] ?? '';
    });
    const buffer = Buffer.from(large, 'base64');
    const files = { name: 'large.png', mimeType: 'image/png', buffer };
    await page.getByLabel('Attach pictures').setInputFiles(files);
    await page.getByRole('img', { name: 'Picture 1' }).waitFor();
    await give(page, 'paste', paintPicture('hay'));
    await page.getByRole('img', { name: 'Picture 2' }).waitFor();
    await give(page, 'drop', paintPicture('oats'));
    await page.getByRole('img', { name: 'Picture 3' }).waitFor();
    await page.getByRole('button', { name: 'Remove picture 3' }).click();
    const requesting = page.waitForRequest((request) =>
      request.url().endsWith('/v1/chat/completions'),
    );
    await ask(page, 'What is this?');
    const [text, first, second] = (await requesting).postDataJSON().messages[0].content;
    expect(text).toEqual({ type: 'text', text: 'What is this?' });
    const png = Buffer.from(first.image_url.url.split(',')[1], 'base64');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1568, 392]);
    expect(second.image_url.url).toBe(
      `data:image/png;base64,${paintPicture('hay').toString('base64')}`,
    );
    await waitForAnswer(page);
    expect(await page.getByRole('img', { name: 'Attached picture' }).count()).toBe(2);
  });

  it('are refused for a model without vision', async () => {
    const page = await openChat(stage, 'sam-desktop/qwen3.6-27b');
    expect(await page.getByLabel('Attach pictures').count()).toBe(0);
    await give(page, 'paste', paintPicture('hay'));
    await page.getByText('This model does not accept pictures.').waitFor();
  });

  it('come from a model that generates images, also from attached ones', async () => {
    const page = await openChat(stage, 'sam-desktop/flux.2-klein-4b');
    await ask(page, 'A barn');
    const picture = page.getByRole('figure').getByRole('img');
    await picture.waitFor();
    expect(await picture.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(64);
    await page.getByText('You wrote: “A barn”').first().waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toBe('picture-1.png');

    const bytes = paintPicture('hay');
    const files = { name: 'hay.png', mimeType: 'image/png', buffer: bytes };
    await page.getByLabel('Attach pictures').setInputFiles(files);
    await page.getByRole('img', { name: 'Picture 1' }).waitFor();
    await ask(page, 'In snow');
    await page.getByText(`You sent image-1.png: ${bytes.length} bytes`).first().waitFor();
  });
});

/** Pastes a picture into the message box, or drops it there. */
async function give(page: Page, type: 'paste' | 'drop', png: Buffer): Promise<void> {
  const given = { type, base64: png.toString('base64') };
  await messageBox(page).evaluate((field, { type: how, base64 }) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0) ?? 0);
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'given.png', { type: 'image/png' }));
    const init = { bubbles: true, cancelable: true, composed: true };
    field.dispatchEvent(
      how === 'paste'
        ? new ClipboardEvent(how, { ...init, clipboardData: data })
        : new DragEvent(how, { ...init, dataTransfer: data }),
    );
  }, given);
}
