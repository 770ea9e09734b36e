import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import { CHROMIUM } from '../../bench/ui/chromium.ts';

export { launchChromium } from '../../bench/ui/chromium.ts';

const IS_THERE = existsSync(CHROMIUM);

if (!IS_THERE) {
  console.error(
    `Tests in a browser need Chromium, and ${CHROMIUM} is not there: "apt-get install chromium", or set CHROMIUM to its path.`,
  );
}

/** Tests that need Chromium: where it is missing they are skipped, and in CI they fail. */
export const describeInBrowser = describe.skipIf(!IS_THERE && process.env['CI'] === undefined);
