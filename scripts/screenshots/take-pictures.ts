import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { PicturedHosts } from './pictured-hosts.ts';
import { ARENA_PROMPT, CHAT_PROMPT } from './replies.ts';

/** A picture in a file. */
export interface Picture {
  readonly name: string;
  readonly bytes: number;
}

/** The subject of the pictures. */
interface Scene {
  /** The gateway's address. */
  readonly url: string;
  readonly hosts: PicturedHosts;
  /** The folder for the pictures. */
  readonly folder: string;
}

/** How long latencies are recorded before the picture of the hosts. Their charts show five minutes. */
const RECORDED_MS = 120_000;

const TIMEOUT_MS = 60_000;

/** Takes a picture of each view, light and dark. */
export async function takePictures(browser: Browser, scene: Scene): Promise<Picture[]> {
  const { url, hosts, folder } = scene;
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  context.setDefaultTimeout(TIMEOUT_MS);
  const take = (page: Page, view: string) => takePicture(page, { view, folder });

  const page = await context.newPage();
  await page.goto(`${url}/#/chat`);
  await answerChat(page);
  const chat = await take(page, 'chat');
  await openPicker(page);
  const picker = await take(page, 'picker');
  await page.goto(`${url}/#/arena`);
  await answerArena(page);
  const arena = await take(page, 'arena');
  await page.close();

  // Take this picture last, and refresh the list before the page loads: loading pages delays responses on a small machine.
  const hostsPage = await context.newPage();
  await fetch(`${url}/api/models?refresh=1`);
  await fetch(`${url}/api/models?refresh=1`);
  await hostsPage.goto(`${url}/#/hosts`);
  await hostsPage.waitForTimeout(RECORDED_MS / 2);
  await hosts.stopAttic();
  await hostsPage.waitForTimeout(RECORDED_MS / 2);
  await hostsPage.getByText('Offline', { exact: true }).waitFor();
  const hostPictures = await take(hostsPage, 'hosts');
  await context.close();
  return [...chat, ...picker, ...arena, ...hostPictures];
}

async function takePicture(
  page: Page,
  { view, folder }: { view: string; folder: string },
): Promise<Picture[]> {
  const pictures: Picture[] = [];
  await page.bringToFront();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // Scripts draw with the next frame.
    await page.waitForTimeout(500);
    const name = `${view}-${colorScheme}.png`;
    const path = join(folder, name);
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    pictures.push({ name, bytes: statSync(path).size });
  }
  return pictures;
}

/** Asks a question and waits for the whole answer, which contains code. */
async function answerChat(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(CHAT_PROMPT);
  await page.keyboard.press('Enter');
  await page.getByText('If none arrives, reconnect.').waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'hidden' });
}

/** Asks three models the same question and waits for all answers. */
async function answerArena(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(ARENA_PROMPT);
  await page.keyboard.press('Enter');
  for (const text of ['nothing spills', 'storage stays bounded', 'every seedling alive']) {
    await page.getByText(text).waitFor();
  }
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'hidden' });
}

/** Opens the list of models. */
async function openPicker(page: Page): Promise<void> {
  const picker = page.locator('model-picker').first();
  await picker.getByRole('button', { expanded: false }).click();
  await picker.getByRole('option').first().waitFor();
}
