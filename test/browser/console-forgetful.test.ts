import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answers, ended, startChatHost, tell, type ChatHost } from './chat-host.ts';
import { describeInBrowser, launchForgetful } from './chromium.ts';
import { setStage, type Stage } from './stage.ts';

describeInBrowser('a browser that lets pages keep nothing', () => {
  let host: ChatHost;
  let stage: Stage;
  const profile = mkdtempSync(join(tmpdir(), 'paddock-profile-'));

  beforeAll(async () => {
    host = await startChatHost();
    stage = await setStage({ settings: { PROVIDERS: host.entry } });
  });
  afterAll(async () => {
    await stage.close();
    await host.close();
    rmSync(profile, { recursive: true, force: true });
  });

  it('shows the console all the same, which says that conversations go with the page', async () => {
    const context = await launchForgetful(profile);
    const faults: string[] = [];
    try {
      const page = await context.newPage();
      page.on('pageerror', (fault) => faults.push(String(fault)));
      await page.goto(`${stage.url}/#/chat`);
      await page.getByText('Ask nag').waitFor();
      await tell(page, 'Hello');
      await ended(page);
      await page.getByText('This browser keeps no conversations now').waitFor();
      await page.getByRole('button', { name: 'New chat' }).click();
      await expect.poll(() => answers(page).count()).toBe(0);
      expect(faults).toEqual([]);
    } finally {
      await context.close();
    }
  });
});
