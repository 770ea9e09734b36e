import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { describe } from 'vitest';

/** Where Chromium stands: Debian's package, or what `CHROMIUM` says. */
const PATH = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const IS_THERE = existsSync(PATH);

if (!IS_THERE) {
  console.error(
    `Tests in a browser need Chromium, and ${PATH} is not there: "apt-get install chromium", or set CHROMIUM to its path.`,
  );
}

/** Tests that need Chromium: where it is missing they are skipped, and in CI they fail. */
export const describeInBrowser = describe.skipIf(!IS_THERE && process.env['CI'] === undefined);

/** Starts Chromium, which asks nobody but the pages that are opened in it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: PATH,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
