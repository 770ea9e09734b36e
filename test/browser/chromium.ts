import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { describe } from 'vitest';
import { ARGUMENTS, CHROMIUM } from './launch-chromium.ts';

export { launchChromium } from './launch-chromium.ts';

/** Starts a Chromium whose owner forbids pages to keep anything; its profile is in the folder. */
export function launchForgetful(folder: string): Promise<BrowserContext> {
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  mkdirSync(join(folder, 'Default'), { recursive: true });
  writeFileSync(join(folder, 'Default/Preferences'), JSON.stringify(preferences));
  return chromium.launchPersistentContext(folder, { executablePath: CHROMIUM, args: ARGUMENTS });
}

const IS_THERE = existsSync(CHROMIUM);

if (!IS_THERE) {
  console.error(
    `Tests in a browser need Chromium, and ${CHROMIUM} is not there: "apt-get install chromium", or set CHROMIUM to its path.`,
  );
}

/** Tests that need Chromium: where it is missing they are skipped, and in CI they fail. */
export const describeInBrowser = describe.skipIf(!IS_THERE && process.env['CI'] === undefined);
