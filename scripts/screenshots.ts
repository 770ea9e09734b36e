// Takes the README's pictures of the console in Chromium, light and dark, with Paddock before simulated hosts. They differ
// only in times and latencies from run to run. They go to docs/images/. It takes two and a half minutes.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder, ROOT } from '../bench/shared/paths.ts';
import { startPaddock } from '../bench/shared/start-paddock.ts';
import { launchChromium } from '../test/browser/launch-chromium.ts';
import { startPicturedHosts } from './screenshots/pictured-hosts.ts';
import { takePictures } from './screenshots/take-pictures.ts';

const IMAGES = join(ROOT, 'docs/images');

const FAVORITES = [
  'sam-desktop/qwen3.6-27b',
  'lab-server/gpt-oss-120b',
  'sam-desktop/gemma-4-12b-it',
  'attic/qwen3-4b',
];

mkdirSync(IMAGES, { recursive: true });

const hosts = await startPicturedHosts();
const url = await start(hosts.providers);
for (const id of FAVORITES) {
  await fetch(`${url}/api/favorites/${encodeURIComponent(id)}`, { method: 'PUT' });
}
const browser = await launchChromium();
for (const { name, bytes } of await takePictures(browser, { url, hosts, folder: IMAGES })) {
  console.log(`docs/images/${name}  ${(bytes / 1000).toFixed(0)} kB`);
}
await browser.close();
await hosts.close();
process.exit(0);

async function start(providers: string): Promise<string> {
  const settings = {
    PROVIDERS: providers,
    DEFAULT_MODEL: 'sam-desktop/qwen3.6-27b',
    TASK_MODEL: 'sam-desktop/gpt-oss-20b',
    ARENA_MODELS: 'sam-desktop/qwen3.6-27b,lab-server/gpt-oss-120b,sam-desktop/gemma-4-12b-it',
    CATALOG_TTL_MS: '3000',
  };
  return (await startPaddock({ folder: makeTemporaryFolder(), settings })).url;
}
