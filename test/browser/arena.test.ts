import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { LAB_SERVER_MODELS, SAM_DESKTOP_MODELS } from '../../demo/fleet-models.ts';
import { findViolations } from './axe.ts';
import { answers, babble, begin, ended, send, startChatHost, tell } from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { quicken, setStage, type Stage } from './stage.ts';

describeInBrowser('the arena', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function open(options: Parameters<typeof setStage>[0] = {}) {
    const stage = await setStage(options);
    closing.push(async () => {
      expect(stage.complaints).toEqual([]);
      await stage.close();
    });
    return { stage, page: await openArena(stage) };
  }

  const THREE = 'sam-desktop/qwen3.6-27b, lab-server/gpt-oss-120b, lab-server/gpt-oss-20b';
  const columns = (page: Page) => page.locator('arena-column');
  const column = (page: Page, index: number) => columns(page).nth(index);

  it('begins with the models of its role, asks them the same, and shows who was fastest', async () => {
    const { page } = await open({ settings: { ARENA_MODELS: THREE } });
    await expect.poll(() => columns(page).count()).toBe(3);
    await page.getByText('Lab server may have to load its models one after the other.').waitFor();
    await tell(page, 'Who are you?');
    await column(page, 0).getByText('This is qwen3.6-27b, answering from sam-desktop.').waitFor();
    await column(page, 1).getByText('This is gpt-oss-120b, answering from lab-server.').waitFor();
    await column(page, 2).getByText('Lab server is busy with gpt-oss 120B').waitFor();
    await column(page, 2).getByText('This is gpt-oss-20b, answering from lab-server.').waitFor();
    for (const index of [0, 1, 2]) await ended(page, index);
    await column(page, 2).getByText('fastest').waitFor();
    expect(await page.getByText('fastest', { exact: true }).count()).toBe(1);
    expect(await page.getByText('first to answer', { exact: true }).count()).toBe(1);
    expect(await column(page, 2).getByText('first to answer').count()).toBe(0);
  });

  it('goes on with each model’s own conversation', async () => {
    const barn = await startChatHost((response, { messages }) => {
      begin(response);
      send(response, { content: `${messages.length} messages` });
      response.end('data: [DONE]\n\n');
    });
    closing.push(barn.close);
    const settings = { PROVIDERS: barn.entry, ARENA_MODELS: 'barn/nag,barn/nag' };
    const { page } = await open({ settings });
    await tell(page, 'Hello');
    await expect.poll(() => page.getByText('1 messages').count()).toBe(2);
    await tell(page, 'And?');
    await expect.poll(() => page.getByText('3 messages').count()).toBe(2);
  });

  it('leaves the others alone when one fails, or is stopped', async () => {
    const barn = await startChatHost(
      (response) => void response.writeHead(500).end('{"error":"lame"}'),
    );
    const field = await startChatHost(babble('word '.repeat(60), 30));
    closing.push(barn.close, field.close);
    const settings = {
      PROVIDERS: `${barn.entry} ${field.entry.replace('barn=', 'field=').replace('Barn', 'Field')}`,
      ARENA_MODELS: 'barn/nag,field/nag,field/nag',
    };
    const { page } = await open({ settings });
    await tell(page, 'Hello');
    await column(page, 0).getByText('lame').waitFor();
    await column(page, 1).getByText('word word').waitFor();
    await column(page, 2).getByRole('button', { name: 'Stop' }).click();
    await column(page, 2).getByText('Stopped.').waitFor();
    await column(page, 1).getByText('word '.repeat(60).trim()).waitFor();
    await expect.poll(() => field.brokenOff()).toBe(1);
    barn.chat(babble('better', 10));
    await column(page, 0).getByRole('button', { name: 'Try again' }).click();
    await column(page, 0).getByText('better').waitFor();
  });

  it('stops all of them at once', async () => {
    const barn = await startChatHost(babble('word '.repeat(1000), 30));
    closing.push(barn.close);
    const settings = { PROVIDERS: barn.entry, ARENA_MODELS: 'barn/nag,barn/nag' };
    const { page } = await open({ settings });
    await tell(page, 'Hello');
    await expect.poll(() => page.getByText('word word').count()).toBe(2);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByText('Stopped.').count()).toBe(2);
    await expect.poll(() => barn.brokenOff()).toBe(2);
  });

  it('begins with the favorites where it has no role, and takes up to four models', async () => {
    const stage = await setStage();
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

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('has no fault that axe finds, %s and %i wide', async (colorScheme, width) => {
    const stage = await setStage({
      settings: { ARENA_MODELS: THREE },
      desktop: { models: quicken(SAM_DESKTOP_MODELS) },
      lab: { models: quicken(LAB_SERVER_MODELS) },
    });
    closing.push(() => stage.close());
    const page = await openArena(stage, { viewport: { width, height: 780 }, colorScheme });
    await expect.poll(() => columns(page).count()).toBe(3);
    expect(await findViolations(page)).toEqual([]);
    await tell(page, 'Hello');
    for (const index of [0, 1, 2]) await ended(page, index);
    await answers(page).first().getByText('Hello!').waitFor();
    expect(await findViolations(page)).toEqual([]);
    const tops = await columns(page).evaluateAll((all) =>
      all.map((element) => element.getBoundingClientRect().top),
    );
    expect(new Set(tops).size).toBe(width > 700 ? 1 : 3);
  });
});

async function openArena(stage: Stage, options: Parameters<Stage['open']>[1] = {}): Promise<Page> {
  const page = await stage.open('/#/arena', options);
  await page.locator('arena-column').first().waitFor();
  return page;
}
