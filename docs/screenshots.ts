// Takes the pictures of the README: a simulated herd, a gateway before it, and the console in Chromium, light and dark.
// They show the same each time, but for times and latencies, and go to docs/images/. It takes two and a half minutes.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startChild } from '../bench/child.ts';
import { DIST } from '../bench/run-benchmark.ts';
import { launchChromium } from '../bench/ui/chromium.ts';
import { startPicturedHerd } from './screenshots/herd.ts';
import { takePictures } from './screenshots/take-pictures.ts';

const IMAGES = resolve(DIST, '../docs/images');

const FAVORITES = [
  'sam-desktop/qwen3.6-27b',
  'lab-server/gpt-oss-120b',
  'sam-desktop/gemma-4-12b-it',
  'attic/qwen3-4b',
];

const folder = mkdtempSync(join(tmpdir(), 'paddock-screenshots-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
mkdirSync(IMAGES, { recursive: true });

const herd = await startPicturedHerd();
const url = await startGateway(herd.providers);
for (const id of FAVORITES) {
  await fetch(`${url}/api/favorites/${encodeURIComponent(id)}`, { method: 'PUT' });
}
const browser = await launchChromium();
for (const { name, bytes } of await takePictures(browser, { url, herd, folder: IMAGES })) {
  console.log(`docs/images/${name}  ${(bytes / 1000).toFixed(0)} kB`);
}
await browser.close();
await herd.close();
process.exit(0);

async function startGateway(providers: string): Promise<string> {
  const { firstLine } = await startChild({
    args: [join(DIST, 'runtime/node.js')],
    // Away from anybody's .env file.
    cwd: folder,
    env: {
      PORT: '0',
      PROVIDERS: providers,
      DEFAULT_MODEL: 'sam-desktop/qwen3.6-27b',
      TASK_MODEL: 'sam-desktop/gpt-oss-20b',
      ARENA_MODELS: 'sam-desktop/qwen3.6-27b,lab-server/gpt-oss-120b,sam-desktop/gemma-4-12b-it',
      CATALOG_TTL_MS: '3000',
      LIBSQL_URL: `file:${join(folder, 'paddock.db')}`,
    },
  });
  const found = /^Paddock listens on (http:\S+)$/u.exec(firstLine)?.[1];
  if (found === undefined) throw new Error(`Expected an address but received "${firstLine}"`);
  return found;
}
