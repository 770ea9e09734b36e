import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import type { DemoModel } from '../../demo/demo-model.ts';
import { answers, begin, ended, send, startChatHost, tell, type ChatHost } from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { setStage, type Stage } from './stage.ts';

describeInBrowser('a chat that has to wait, or fails', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function open(model: DemoModel): Promise<{ stage: Stage; page: Page }> {
    const settings = { DEFAULT_MODEL: `sam-desktop/${model.id}` };
    const desktop = { models: [model, { id: 'other', loadMs: 300 }], loaded: 'other' };
    const stage = await setStage({ settings, desktop });
    closing.push(() => stage.close());
    const page = await stage.open('/#/chat');
    await page.getByText(`Ask ${model.id}`).waitFor();
    return { stage, page };
  }

  async function openBarn(): Promise<{ host: ChatHost; page: Page }> {
    const host = await startChatHost();
    const stage = await setStage({ settings: { PROVIDERS: host.entry } });
    closing.push(() => stage.close(), host.close);
    const page = await stage.open('/#/chat');
    await page.getByText('Ask nag').waitFor();
    return { host, page };
  }

  it('says which host loads the model, and for how long, while it does', async () => {
    const { stage, page } = await open({ id: 'cold', loadMs: 4000 });
    await tell(page, 'Hello');
    await page.getByText("Loading on Sam's desktop, 1 s").waitFor();
    await page.getByText("Loading on Sam's desktop, 3 s").waitFor();
    await page.getByText('answering from sam-desktop').waitFor();
    expect(await page.getByText('Loading on').count()).toBe(0);
    expect(stage.desktop.host.counts.loads.get('cold')).toBe(1);
    expect(stage.desktop.host.counts.loads.get('other')).toBeUndefined();
    await ended(page);
    await page.getByText(/first token after [45]\.\d s/u).waitFor();
  });

  it('takes the host’s own word on a load for no part of the answer', async () => {
    const { page } = await open({ id: 'cold', loadMs: 2500, sendLoadingState: true });
    await tell(page, 'Hello');
    await page.getByText("Loading on Sam's desktop, 1 s").waitFor();
    expect(await page.getByText('llama-swap loading').count()).toBe(0);
    await page.getByText('answering from sam-desktop').waitFor();
    await ended(page);
    expect(await page.getByText('Reasoning').count()).toBe(0);
    await page.getByText(/first token after [23]\.\d s/u).waitFor();
  });

  it.each([false, true])('says why a load failed; told before that it loads: %s', async (told) => {
    const startError = 'exit status 1: out of memory';
    const { page } = await open({ id: 'cold', loadMs: 1800, startError, sendLoadingState: told });
    await tell(page, 'Hello');
    await page.getByRole('alert').getByText(startError).waitFor();
    await page.getByText(/Sam's desktop could not (?:load the model|answer)\./u).waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText("Loading on Sam's desktop").waitFor();
  });

  it('says what a host is busy with, where that is known', async () => {
    const { host, page } = await openBarn();
    host.chat(() => {});
    host.run([{ model: 'plough', state: 'stopping' }]);
    await tell(page, 'Hello');
    await page.getByText(/^Barn is busy with plough, [12] s$/u).waitFor();
    host.run([{ model: 'nag', state: 'starting' }]);
    await page.getByText(/^Loading on Barn, \d s$/iu).waitFor();
    host.run([{ model: 'nag', state: 'ready' }]);
    await page.getByText(/^Waiting for Barn, \d s$/iu).waitFor();
  });

  it.each([
    [404, {}, 'Barn does not have this model.'],
    [429, { 'retry-after': '7' }, 'Try again in 7 s.'],
    [500, {}, 'Barn could not answer.'],
  ])('says what a refusal of %i means, and tries again', async (status, headers, words) => {
    const { host, page } = await openBarn();
    host.chat((response) => {
      response.writeHead(status, { ...headers, 'content-type': 'application/json' });
      response.end('{"src":"llama-swap","error":{"message":"the host’s own words"}}');
    });
    await tell(page, 'Hello');
    await page.getByText(words).waitFor();
    await page.getByText('the host’s own words').waitFor();
    host.chat((response) => {
      begin(response);
      send(response, { content: 'There.' });
      response.end('data: [DONE]\n\n');
    });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('There.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('says that a host is gone', async () => {
    const { host, page } = await openBarn();
    await host.close();
    await tell(page, 'Hello');
    await page.getByText('Barn cannot be reached.').waitFor();
  });

  it('keeps what had come of an answer that broke off, and says so', async () => {
    const { host, page } = await openBarn();
    host.chat(async (response) => {
      begin(response);
      send(response, { content: 'Half of' });
      await sleep(300);
      response.destroy();
    });
    await tell(page, 'Hello');
    await page.getByText('Incomplete: the connection to Barn was lost.').waitFor();
    await answers(page).getByText('Half of').waitFor();
  });

  it('says that the gateway is gone', async () => {
    const { stage, page } = await open({ id: 'warm', loadMs: 10 });
    await stage.stopGateway();
    await tell(page, 'Hello');
    await answers(page).getByText('The gateway does not respond').waitFor();
  });
});
