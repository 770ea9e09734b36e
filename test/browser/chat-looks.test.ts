import { afterAll, beforeAll, expect, it } from 'vitest';
import { findViolations } from './axe.ts';
import { babble, ended, say, startChatHost, tell, type ChatHost } from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { setStage, type Stage } from './stage.ts';

const RICH = `# Hay

Some \`code\` and a [link](https://example.com/).

- one
- two

\`\`\`ts
/** Hay. */
const bale: number = 12; // of them
\`\`\`

| a | b |
| - | - |
| 1 | 2 |

> Quoted.
`;

/** 3,000 words in paragraphs, lists and code, as long answers are. */
const LONG = Array.from({ length: 75 }, (_, index) =>
  [
    `## Part ${index}`,
    'Each word of this paragraph comes by itself, **some** of them *set apart* and `others` as code.',
    '- an item of a list\n- another one',
    '```js\nconst bale = { weight: 12, of: "hay" };\n```',
  ].join('\n\n'),
).join('\n\n');

describeInBrowser('the chat’s looks', () => {
  let host: ChatHost;
  let stage: Stage;
  beforeAll(async () => {
    host = await startChatHost(say(RICH));
    stage = await setStage({ settings: { PROVIDERS: host.entry } });
  });
  afterAll(async () => {
    expect(stage.complaints).toEqual([]);
    await stage.close();
    await host.close();
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('have no fault that axe finds, %s and %i wide', async (colorScheme, width) => {
    host.chat(say(RICH));
    const page = await stage.open('/#/chat', { viewport: { width, height: 780 }, colorScheme });
    await page.getByText('Ask nag').waitFor();
    await page.getByRole('button', { name: 'Parameters' }).click();
    expect(await findViolations(page)).toEqual([]);
    await tell(page, 'Hello');
    await ended(page);
    await page.getByRole('cell', { name: '2' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    host.chat((response) => void response.writeHead(500).end('{"error":"lame"}'));
    await tell(page, 'Hello');
    await page.getByText('lame').waitFor();
    expect(await findViolations(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  it('have the conversations behind a button where there is no room', async () => {
    const page = await stage.open('/#/chat', { viewport: { width: 360, height: 780 } });
    host.chat(say(RICH));
    await tell(page, 'Hello');
    await ended(page);
    expect(await page.getByRole('button', { name: 'New chat' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Conversations' }).click();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'New chat' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Conversations' }).click();
    await page.getByRole('button', { name: 'New chat' }).click();
    await page.getByText('Ask nag').waitFor();
    expect(await page.getByRole('button', { name: 'New chat' }).isVisible()).toBe(false);
    await page.context().close();
  });

  it('stay smooth while 3,000 tokens come, more than 100 a second', async () => {
    const page = await stage.open('/#/chat', { viewport: { width: 1280, height: 800 } });
    await page.getByText('Ask nag').waitFor();
    host.chat(say(RICH));
    await tell(page, 'Warm up.');
    await ended(page);
    host.chat(babble(LONG, 150));
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
    await tell(page, 'Go on.');
    await ended(page, 1);
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
    await page.context().close();
  });
});
