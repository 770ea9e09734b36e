import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { makeFolder } from '../make-app.ts';
import { ROOT } from '../runtimes/runtimes.ts';
import { findViolations } from './axe.ts';
import { describeInBrowser } from './chromium.ts';
import { startStage, type Stage } from './stage.ts';

const run = promisify(execFile);
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

const snippetOf = (page: Page, name: string) =>
  page.getByRole('region', { name: `Settings for ${name}`, exact: true }).innerText();

/** Copies a snippet with its button. Returns the clipboard's text. */
async function copy(page: Page, subject: string): Promise<string> {
  await page.getByRole('button', { name: `Copy ${subject}`, exact: true }).click();
  await page.getByRole('button', { name: `Copied ${subject}`, exact: true }).waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

async function choose(page: Page, name: string): Promise<void> {
  await page.getByLabel('Model', { exact: true }).click();
  await page.getByRole('option', { name }).first().click();
}

describeInBrowser('the settings for other programs', () => {
  let stage: Stage;
  beforeAll(async () => {
    const id = 'lab-server/gpt-oss-120b';
    const settings = { DEFAULT_MODEL: id, MODEL_ALIASES: `claude-3-local=${id}` };
    stage = await startStage({ settings, ownClipboard: true });
  });
  afterAll(async () => {
    await stage.close();
    expect(stage.consoleErrors).toEqual([]);
  });

  it('have a curl command that works', async () => {
    const page = await stage.open('/#/connect');
    const { stdout } = await run('sh', ['-c', await snippetOf(page, 'curl')]);
    const answer = JSON.parse(stdout) as { choices: { message: { content: string } }[] };
    expect(answer.choices[0]?.message.content).not.toBe('');
  });

  it('have TypeScript that works, with the chosen model', async () => {
    const page = await stage.open('/#/connect');
    await choose(page, 'Qwen3.6 27B');
    const script = await snippetOf(page, 'OpenAI SDKs: TypeScript');
    expect(script).toContain("model: 'sam-desktop/qwen3.6-27b'");
    const settings = await snippetOf(page, 'Claude Code: In a shell');
    expect(settings).toContain('export CLAUDE_CODE_MAX_CONTEXT_TOKENS=65536\n');
    const node = ['--input-type=module', '--eval', script];
    const { stdout } = await run(process.execPath, node, { cwd: ROOT });
    expect(stdout).not.toBe('');
  });

  it('use an alias that Claude Code takes for an older Claude', async () => {
    const page = await stage.open('/#/connect');
    await choose(page, 'gpt-oss 120B');
    await expect
      .poll(() => snippetOf(page, 'Claude Code: In a shell'))
      .toContain('export ANTHROPIC_MODEL=claude-3-local\n');
    expect(await snippetOf(page, 'curl')).toContain('lab-server/gpt-oss-120b');
  });

  it('say that a model does not chat', async () => {
    const page = await stage.open('/#/connect');
    expect(await page.getByText('does not chat').count()).toBe(0);
    await choose(page, 'BGE reranker');
    await page.getByText('BGE reranker v2 M3 does not chat: choose a model that does.').waitFor();
  });

  it('have a command that writes opencode’s file, and never overwrites it', async () => {
    const page = await stage.open('/#/connect');
    const command = await snippetOf(page, 'opencode: All models');
    const home = makeFolder();
    const file = join(home, '.config/opencode/opencode.json');
    const write = () => run('sh', ['-c', command], { env: { ...process.env, HOME: home } });
    await write();
    const written = readFileSync(file, 'utf8');
    expect(JSON.parse(written)).toMatchObject({
      provider: { paddock: { models: { 'sam-desktop/qwen3.6-27b': {} } } },
    });
    writeFileSync(file, '{ "theme": "mine" }');
    await write();
    expect(readFileSync(file, 'utf8')).toBe('{ "theme": "mine" }');
  });

  it('are copied as shown, with a confirmation', async () => {
    const page = await stage.open('/#/connect', CLIPBOARD);
    await page.getByRole('heading', { name: 'curl' }).waitFor();
    const blocks = await page.locator('connect-view pre').all();
    const buttons = await page.locator('copy-button').all();
    expect(blocks.length).toBeGreaterThan(30);
    // One in five: all of them take a minute.
    for (const [index, block] of blocks.entries()) {
      if (index % 5 !== 0) continue;
      const button = buttons[index]?.getByRole('button');
      await button?.click();
      await expect.poll(() => button?.textContent()).toContain('Copied');
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      expect(copied).toBe(await block.textContent());
    }
    expect(await findViolations(page)).toEqual([]);
  });

  it('are copied without the clipboard API, as over plain HTTP', async () => {
    const page = await stage.open('/', CLIPBOARD);
    await page.addInitScript(() =>
      Object.defineProperty(navigator, 'clipboard', { value: undefined }),
    );
    await page.goto(`${stage.url}/#/connect`);
    await page.reload();
    const button = page.getByRole('button', { name: 'Copy Claude Code: In a shell' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Copied Claude Code: In a shell' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('connect-view');
    const other = await page.context().newPage();
    await other.goto(stage.url);
    const copied = await other.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await page.locator('pre', { hasText: 'export ANTHROPIC' }).textContent());
  });

  it('are reached by the name of the program', async () => {
    const page = await stage.open('/#/connect');
    await page.getByRole('button', { name: 'Open WebUI', exact: true }).click();
    await expect
      .poll(() =>
        page
          .getByRole('heading', { name: 'Open WebUI' })
          .evaluate((heading) => heading.matches(':focus')),
      )
      .toBe(true);
    expect(new URL(page.url()).hash).toBe('#/connect');
  });
});

describeInBrowser('the settings for other programs with API_KEYS', () => {
  it('name a variable, and its card is shown without the key and copied with it', async () => {
    const stage = await startStage({ settings: { API_KEYS: 's3cret' }, ownClipboard: true });
    onTestFinished(() => stage.close());
    const page = await stage.open('/#/connect', CLIPBOARD);
    await page.getByRole('dialog').getByLabel('Key', { exact: true }).fill('s3cret');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'curl' }).waitFor();
    const shown = await page
      .locator('connect-view')
      .evaluate((view) => view.shadowRoot?.textContent);
    expect(shown).toContain('••••');
    expect(shown).not.toContain('s3cret');
    const script = `${await copy(page, 'Key')}\n${await copy(page, 'curl')}`;
    const { stdout } = await run('sh', ['-c', script]);
    expect(JSON.parse(stdout)).toHaveProperty('choices');
    expect(await copy(page, 'Open WebUI: Key')).toBe('YOUR_PADDOCK_KEY');
    expect(stage.consoleErrors).toEqual([]);
  });
});
