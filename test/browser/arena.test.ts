import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { DemoModel } from '../../demo/demo-model.ts';
import { LAB_SERVER_MODELS, SAM_DESKTOP_MODELS } from '../../demo/fleet-models.ts';
import { findViolations } from './axe.ts';
import {
  answers,
  ask,
  beginStream,
  endStream,
  sendDelta,
  startChatHost,
  streamWords,
  waitForAnswer,
} from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { startStage, type Stage } from './stage.ts';

const THREE = 'sam-desktop/qwen3.6-27b, lab-server/gpt-oss-120b, lab-server/gpt-oss-20b';
const columns = (page: Page) => page.locator('arena-column');
const column = (page: Page, index: number) => columns(page).nth(index);

describeInBrowser('the arena', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function open(options: Parameters<typeof startStage>[0] = {}) {
    const stage = await startStage(options);
    closing.push(async () => {
      expect(stage.consoleErrors).toEqual([]);
      await stage.close();
    });
    return { stage, page: await openArena(stage) };
  }

  it('starts with the models of ARENA_MODELS, asks them the same, and marks the fastest', async () => {
    // Clearly the fastest, also on a busy machine, and slow enough not to arrive in one piece, which has no speed.
    const models = LAB_SERVER_MODELS.map((model) =>
      model.id === 'gpt-oss-20b' ? { ...model, loadMs: 300, tokensPerSecond: 400 } : model,
    );
    const { page } = await open({ settings: { ARENA_MODELS: THREE }, lab: { models } });
    await expect.poll(() => columns(page).count()).toBe(3);
    await page.getByText('Lab server may have to load its models one after the other.').waitFor();
    await ask(page, 'Who are you?');
    await column(page, 0).getByText('This is qwen3.6-27b, answering from sam-desktop.').waitFor();
    await column(page, 1).getByText('This is gpt-oss-120b, answering from lab-server.').waitFor();
    await column(page, 2).getByText('Lab server is busy with gpt-oss 120B').waitFor();
    await column(page, 2).getByText('This is gpt-oss-20b, answering from lab-server.').waitFor();
    for (const index of [0, 1, 2]) await waitForAnswer(page, index);
    await column(page, 2).getByText('fastest').waitFor();
    expect(await page.getByText('fastest', { exact: true }).count()).toBe(1);
    expect(await page.getByText('first to answer', { exact: true }).count()).toBe(1);
    expect(await column(page, 2).getByText('first to answer').count()).toBe(0);
  });

  it('continues each model’s own conversation', async () => {
    const barn = await startChatHost((response, { messages }) => {
      beginStream(response);
      sendDelta(response, { content: `${messages.length} messages` });
      response.end('data: [DONE]\n\n');
    });
    closing.push(barn.close);
    const settings = { PROVIDERS: barn.entry, ARENA_MODELS: 'barn/nag,barn/nag' };
    const { page } = await open({ settings });
    await ask(page, 'Hello');
    await expect.poll(() => page.getByText('1 messages').count()).toBe(2);
    await ask(page, 'And?');
    await expect.poll(() => page.getByText('3 messages').count()).toBe(2);
  });

  it('continues with the other models after one fails or is stopped', async () => {
    const barn = await startChatHost(
      (response) => void response.writeHead(500).end('{"error":"lame"}'),
    );
    let end = () => {};
    const ending = new Promise<void>((resolve) => (end = resolve));
    const field = await startChatHost(async (response) => {
      beginStream(response);
      sendDelta(response, { content: 'Some words' });
      await ending;
      sendDelta(response, { content: ', and the last.' });
      endStream(response);
    });
    closing.push(barn.close, field.close);
    const settings = {
      PROVIDERS: `${barn.entry} ${field.entry.replace('barn=', 'field=').replace('Barn', 'Field')}`,
      ARENA_MODELS: 'barn/nag,field/nag,field/nag',
    };
    const { page } = await open({ settings });
    await ask(page, 'Hello');
    await column(page, 0).getByText('lame').waitFor();
    await column(page, 1).getByText('Some words').waitFor();
    await column(page, 2).getByRole('button', { name: 'Stop' }).click();
    await column(page, 2).getByText('Stopped.').waitFor();
    await expect.poll(() => field.countAborted()).toBe(1);
    end();
    await column(page, 1).getByText('Some words, and the last.').waitFor();
    barn.chat(streamWords('better', 10));
    await column(page, 0).getByRole('button', { name: 'Try again' }).click();
    await column(page, 0).getByText('better').waitFor();
  });

  it('stops all models with Escape', async () => {
    const barn = await startChatHost(streamWords('word '.repeat(1000), 30));
    closing.push(barn.close);
    const settings = { PROVIDERS: barn.entry, ARENA_MODELS: 'barn/nag,barn/nag' };
    const { page } = await open({ settings });
    await ask(page, 'Hello');
    await expect.poll(() => page.getByText('word word').count()).toBe(2);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByText('Stopped.').count()).toBe(2);
    await expect.poll(() => barn.countAborted()).toBe(2);
  });

  it('starts with the favorites without ARENA_MODELS, and allows two to four models', async () => {
    const stage = await startStage();
    closing.push(() => stage.close());
    for (const id of ['lab-server/gpt-oss-20b', 'sam-desktop/gpt-oss-20b']) {
      await fetch(`${stage.url}/api/favorites/${id}`, { method: 'PUT' });
    }
    const page = await openArena(stage);
    const names = () =>
      columns(page)
        .locator('model-picker')
        .evaluateAll((all) => all.map((picker) => (picker as unknown as { value: string }).value));
    await expect.poll(names).toEqual(['lab-server/gpt-oss-20b', 'sam-desktop/gpt-oss-20b']);
    const add = page.getByRole('button', { name: 'Add model' });
    await add.click();
    await add.click();
    expect((await names()).length).toBe(4);
    expect(await add.isDisabled()).toBe(true);
    await column(page, 3)
      .getByRole('button', { name: /^Remove/u })
      .click();
    await column(page, 2)
      .getByRole('button', { name: /^Remove/u })
      .click();
    expect((await names()).length).toBe(2);
    expect(await page.getByRole('button', { name: /^Remove/u }).count()).toBe(0);
  });
});

describeInBrowser('the appearance of the arena', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({
      settings: { ARENA_MODELS: THREE },
      desktop: { models: speedUp(SAM_DESKTOP_MODELS) },
      lab: { models: speedUp(LAB_SERVER_MODELS) },
    });
  });
  afterAll(() => stage.close());

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('passes axe in the %s theme at %i px', async (colorScheme, width) => {
    const page = await openArena(stage, { viewport: { width, height: 780 }, colorScheme });
    await expect.poll(() => columns(page).count()).toBe(3);
    expect(await findViolations(page)).toEqual([]);
    await ask(page, 'Hello');
    for (const index of [0, 1, 2]) await waitForAnswer(page, index);
    await answers(page).first().getByText('Hello!').waitFor();
    expect(await findViolations(page)).toEqual([]);
    const tops = await columns(page).evaluateAll((all) =>
      all.map((element) => element.getBoundingClientRect().top),
    );
    expect(new Set(tops).size).toBe(width > 700 ? 1 : 3);
  });
});

/** Returns the same models, which load and answer at once. */
function speedUp(models: readonly DemoModel[]): DemoModel[] {
  return models.map((model) => ({ ...model, loadMs: 10, tokensPerSecond: 2000 }));
}

async function openArena(stage: Stage, options: Parameters<Stage['open']>[1] = {}): Promise<Page> {
  const page = await stage.open('/#/arena', options);
  await page.locator('arena-column').first().waitFor();
  return page;
}
