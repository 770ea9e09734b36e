// What a page paints within milliseconds: these tests run alone.

import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ask,
  replyWith,
  startChatHost,
  streamWords,
  waitForAnswer,
  type ChatHost,
} from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { startStage, type Stage } from './stage.ts';

/** 3,000 words in paragraphs, lists and code, like a long answer. */
const LONG = Array.from({ length: 75 }, (_, index) =>
  [
    `## Part ${index}`,
    'Each word of this paragraph comes by itself, **some** of them *set apart* and `others` as code.',
    '- an item of a list\n- another one',
    '```js\nconst bale = { weight: 12, of: "hay" };\n```',
  ].join('\n\n'),
).join('\n\n');

describeInBrowser('the console', () => {
  let host: ChatHost;
  let stage: Stage;
  beforeAll(async () => {
    host = await startChatHost();
    stage = await startStage({ settings: { PROVIDERS: host.entry } });
  });
  afterAll(async () => {
    expect(stage.consoleErrors).toEqual([]);
    await stage.close();
    await host.close();
  });

  it('paints within a second with a cold cache', async () => {
    const paint = async () => {
      const page = await stage.open('/');
      return page.evaluate(async () => {
        const read = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
        while (read() === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
        return read() ?? 0;
      });
    };
    // The best of three: the machine may be busy.
    expect(Math.min(await paint(), await paint(), await paint())).toBeLessThan(1000);
  });

  it('stays smooth while 3,000 tokens arrive, more than 100 a second', async () => {
    const page = await stage.open('/#/chat', { viewport: { width: 1280, height: 800 } });
    await page.getByText('Ask nag').waitFor();
    host.chat(replyWith('# Hay\n\n```js\nconst bale = 12;\n```'));
    await ask(page, 'Warm up.');
    await waitForAnswer(page);
    host.chat(streamWords(LONG, 300));
    await page.evaluate(() => {
      const frames: number[] = [];
      let before = performance.now();
      const count = (now: number) => {
        frames.push(now - before);
        before = now;
        requestAnimationFrame(count);
      };
      requestAnimationFrame(count);
      Object.assign(globalThis, { frames });
    });
    await ask(page, 'Go on.');
    await waitForAnswer(page, 1);
    const frames = await page.evaluate(
      () => (globalThis as unknown as { frames: number[] }).frames,
    );
    const sorted = frames.toSorted((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
    console.log(
      `${frames.length} frames: median ${at(0.5)} ms, 95 of 100 within ${at(0.95)} ms, 99 within ${at(0.99)} ms, the longest ${at(0.9999)} ms`,
    );
    expect(at(0.95)).toBeLessThanOrEqual(50);
    await page.getByRole('heading', { name: 'Part 74' }).waitFor();
  });
});
