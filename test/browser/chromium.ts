import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { describe, inject } from 'vitest';
import { ARGUMENTS, CHROMIUM } from './launch-chromium.ts';

let connecting: Promise<Browser> | undefined;

/** Returns the Chromium that all test files share. A test gets a context of its own and closes it. */
export function connectToChromium(): Promise<Browser> {
  connecting ??= chromium.connect(inject('chromium'));
  return connecting;
}

/** Starts a Chromium whose settings forbid pages to store anything. Its profile is in the folder. */
export function launchWithoutStorage(folder: string): Promise<BrowserContext> {
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  mkdirSync(join(folder, 'Default'), { recursive: true });
  writeFileSync(join(folder, 'Default/Preferences'), JSON.stringify(preferences));
  return chromium.launchPersistentContext(folder, { executablePath: CHROMIUM, args: ARGUMENTS });
}

const IS_INSTALLED = existsSync(CHROMIUM);

if (!IS_INSTALLED) {
  console.error(
    `Browser tests need Chromium. ${CHROMIUM} does not exist: run "apt-get install chromium", or set CHROMIUM to its path.`,
  );
}

/** Groups tests that need Chromium. Without Chromium they are skipped; in CI they fail. */
export const describeInBrowser = describe.skipIf(!IS_INSTALLED && process.env['CI'] === undefined);
