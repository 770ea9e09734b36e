// What a file about the chat of one model needs: a host with the model `nag`, a gateway, and the chat in a page.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { replyWith, startChatHost, type ChatHost } from './chat-host.ts';
import { startStage, type Stage } from './stage.ts';

/** What a test gets. The host and the gateway are those of the file, the page is new. */
interface ChatFixtures {
  readonly host: ChatHost;
  readonly stage: Stage;
  /** Shows the chat. The host answers `Hay.` until a test sets another answer. */
  readonly page: Page;
}

/** Creates the `it` of a file. Its tests fail if a page logs an error, unless `mayLogErrors` is true. */
export function createChatTest({ mayLogErrors = false } = {}) {
  return test.extend<ChatFixtures>({
    host: [
      // eslint-disable-next-line no-empty-pattern
      async ({}, use) => {
        const host = await startChatHost();
        await use(host);
        await host.close();
      },
      { scope: 'file' },
    ],
    stage: [
      async ({ host }, use) => {
        const stage = await startStage({ settings: { PROVIDERS: host.entry } });
        await use(stage);
        await stage.close();
        if (!mayLogErrors) expect(stage.consoleErrors).toEqual([]);
      },
      { scope: 'file' },
    ],
    page: async ({ host, stage }, use) => {
      host.chat(replyWith('Hay.'));
      host.chats.length = 0;
      const page = await stage.open('/#/chat');
      await page.getByText('Ask nag').waitFor();
      await use(page);
    },
  });
}
