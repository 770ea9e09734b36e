import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHROMIUM } from '../../bench/ui/chromium.ts';
import { answers, ended, startChatHost, tell, type ChatHost } from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { setStage, type Stage } from './stage.ts';

/** What Chromium writes where somebody has chosen to let no page keep anything. */
const PREFERENCES = { profile: { default_content_setting_values: { cookies: 2 } } };

describeInBrowser('a browser that lets pages keep nothing', () => {
  let host: ChatHost;
  let stage: Stage;
  const profile = mkdtempSync(join(tmpdir(), 'paddock-profile-'));

  beforeAll(async () => {
    host = await startChatHost();
    stage = await setStage({ settings: { PROVIDERS: host.entry } });
    mkdirSync(join(profile, 'Default'));
    writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(PREFERENCES));
  });
  afterAll(async () => {
    await stage.close();
    await host.close();
    rmSync(profile, { recursive: true, force: true });
  });

  it('shows the console all the same, which says that conversations go with the page', async () => {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
    });
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
