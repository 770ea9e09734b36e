import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answers, waitForAnswer, startChatHost, ask, type ChatHost } from './chat-host.ts';
import { describeInBrowser, launchWithoutStorage } from './chromium.ts';
import { startStage, type Stage } from './stage.ts';

describeInBrowser('a browser without storage for pages', () => {
  let host: ChatHost;
  let stage: Stage;
  const profile = mkdtempSync(join(tmpdir(), 'paddock-profile-'));

  beforeAll(async () => {
    host = await startChatHost();
    stage = await startStage({ settings: { PROVIDERS: host.entry } });
  });
  afterAll(async () => {
    await stage.close();
    await host.close();
    rmSync(profile, { recursive: true, force: true });
  });

  it('shows the console, which says that it stores no conversations', async () => {
    const context = await launchWithoutStorage(profile);
    const errors: string[] = [];
    try {
      const page = await context.newPage();
      page.on('pageerror', (error) => errors.push(String(error)));
      await page.goto(`${stage.url}/#/chat`);
      await page.getByText('Ask nag').waitFor();
      await ask(page, 'Hello');
      await waitForAnswer(page);
      await page.getByText('This browser cannot store conversations').waitFor();
      await page.getByRole('button', { name: 'New chat' }).click();
      await expect.poll(() => answers(page).count()).toBe(0);
      expect(errors).toEqual([]);
    } finally {
      await context.close();
    }
  });
});
