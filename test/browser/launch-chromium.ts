import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** The path of Chromium: the environment variable `CHROMIUM`, or the path of Debian's package. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** The arguments of Chromium. With them it sends no requests of its own. */
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
 * Starts a headless Chromium.
 * @throws if it is missing
 */
export async function launchChromium(further: readonly string[] = []): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `There is no Chromium at ${CHROMIUM}: run "apt-get install chromium", or set CHROMIUM to its path.`,
    );
  }
  return chromium.launch({ executablePath: CHROMIUM, args: [...ARGUMENTS, ...further] });
}
