import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Where Chromium stands: Debian's package, or what `CHROMIUM` says. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** What it is started with: it asks nobody but the pages that are opened in it. */
export const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts Chromium without a window, with further arguments where there are some.
 * @throws where it is missing
 */
export async function launchChromium(further: readonly string[] = []): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `There is no Chromium at ${CHROMIUM}: "apt-get install chromium", or set CHROMIUM to its path.`,
    );
  }
  return chromium.launch({ executablePath: CHROMIUM, args: [...ARGUMENTS, ...further] });
}
