import { afterAll, beforeAll, expect, it } from 'vitest';
import { findViolations } from './axe.ts';
import { ask, replyWith, startChatHost, waitForAnswer, type ChatHost } from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { startStage, type Stage } from './stage.ts';

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

describeInBrowser('the appearance of the chat', () => {
  let host: ChatHost;
  let stage: Stage;
  beforeAll(async () => {
    host = await startChatHost(replyWith(RICH));
    stage = await startStage({ settings: { PROVIDERS: host.entry } });
  });
  afterAll(async () => {
    expect(stage.consoleErrors).toEqual([]);
    await stage.close();
    await host.close();
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('passes axe in the %s theme at %i px', async (colorScheme, width) => {
    host.chat(replyWith(RICH));
    const page = await stage.open('/#/chat', { viewport: { width, height: 780 }, colorScheme });
    await page.getByText('Ask nag').waitFor();
    await page.getByRole('button', { name: 'Parameters' }).click();
    expect(await findViolations(page)).toEqual([]);
    await ask(page, 'Hello');
    await waitForAnswer(page);
    await page.getByRole('cell', { name: '2' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    host.chat((response) => void response.writeHead(500).end('{"error":"lame"}'));
    await ask(page, 'Hello');
    await page.getByText('lame').waitFor();
    expect(await findViolations(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it('has the conversations behind a button on a narrow screen', async () => {
    const page = await stage.open('/#/chat', { viewport: { width: 360, height: 780 } });
    host.chat(replyWith(RICH));
    await ask(page, 'Hello');
    await waitForAnswer(page);
    expect(await page.getByRole('button', { name: 'New chat' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Conversations' }).click();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'New chat' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Conversations' }).click();
    await page.getByRole('button', { name: 'New chat' }).click();
    await page.getByText('Ask nag').waitFor();
    expect(await page.getByRole('button', { name: 'New chat' }).isVisible()).toBe(false);
  });
});
