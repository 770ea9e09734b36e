import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** The path of Chromium: the environment variable `CHROMIUM`, or the path of Debian's package. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/**
 * Features that are off: web pages in the frame of a browser window and processes in reserve, which take more than half
 * of the processor time of a test, and all that Playwright turns off, because its own argument has no effect beside this.
 */
const DISABLED_FEATURES = [
  ...['InitialWebUI', 'PreloadTopChromeWebUI', 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'],
  ...['WebUIToolbarProcessOverheadExperiment', 'SpareRendererForSitePerProcess'],
  ...['AimEnabled', 'AvoidCorsURLLoaderRestartOnRedirect', 'AvoidUnnecessaryBeforeUnloadCheckSync'],
  ...['DestroyProfileOnBrowserClose', 'HttpsFirstBalancedModeAutoEnable', 'HttpsUpgrades'],
  ...['LensOverlay', 'MediaRouter', 'NetworkTimeServiceQuerying', 'OptimizationHints'],
  ...['PaintHolding', 'PreconnectToSearch', 'ThirdPartyStoragePartitioning'],
];

/** The arguments of Chromium. With them it sends no requests of its own. */
export const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${DISABLED_FEATURES.join(',')}`,
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
