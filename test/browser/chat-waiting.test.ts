import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DemoModel } from '../../demo/demo-model.ts';
import {
  answers,
  ask,
  beginStream,
  openChat,
  replyWith,
  sendDelta,
  startChatHost,
  waitForAnswer,
  type ChatHost,
} from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { startStage, type Stage } from './stage.ts';

const START_ERROR = 'exit status 1: out of memory';

const MODELS: DemoModel[] = [
  { id: 'other', loadMs: 300 },
  { id: 'cold', loadMs: 2500 },
  { id: 'announced', loadMs: 2500, sendLoadingState: true },
  { id: 'broken', loadMs: 1000, startError: START_ERROR },
  { id: 'broken-announced', loadMs: 1000, startError: START_ERROR, sendLoadingState: true },
];

describeInBrowser('a chat while a model loads', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({ desktop: { models: MODELS, loaded: 'other' } });
  });
  afterAll(() => stage.close());

  it('shows which host loads the model', async () => {
    const page = await openChat(stage, 'sam-desktop/cold');
    await ask(page, 'Hello');
    await page.getByText("Loading on Sam's desktop").waitFor();
    await page.getByText('answering from sam-desktop').waitFor();
    expect(await page.getByText('Loading on').count()).toBe(0);
    expect(stage.desktop.host.counts.loads.get('cold')).toBe(1);
    expect(stage.desktop.host.counts.loads.get('other')).toBeUndefined();
    await waitForAnswer(page);
    await page.getByText(/first token after [2-9]\.\d s/u).waitFor();
  });

  it('does not count the host’s loading messages as part of the answer', async () => {
    const page = await openChat(stage, 'sam-desktop/announced');
    await ask(page, 'Hello');
    await page.getByText("Loading on Sam's desktop").waitFor();
    expect(await page.getByText('llama-swap loading').count()).toBe(0);
    await page.getByText('answering from sam-desktop').waitFor();
    await waitForAnswer(page);
    expect(await page.getByText('Reasoning').count()).toBe(0);
    await page.getByText(/first token after [2-9]\.\d s/u).waitFor();
  });

  it.each(['broken', 'broken-announced'])('says why the load of %s failed', async (model) => {
    const page = await openChat(stage, `sam-desktop/${model}`);
    await ask(page, 'Hello');
    await page.getByRole('alert').getByText(START_ERROR).waitFor();
    await page.getByText(/Sam's desktop could not (?:load the model|answer)\./u).waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText("Loading on Sam's desktop").waitFor();
  });

  it('reports that the gateway is offline', async () => {
    const page = await openChat(stage, 'sam-desktop/other');
    await stage.stopGateway();
    await ask(page, 'Hello');
    await answers(page).getByText('The gateway does not respond').waitFor();
  });
});

describeInBrowser('a chat with a busy or failing host', () => {
  let barn: ChatHost;
  let stopping: ChatHost;
  let stage: Stage;
  beforeAll(async () => {
    barn = await startChatHost();
    stopping = await startChatHost();
    const entry = stopping.entry.replace('barn=', 'field=').replace('Barn', 'Field');
    stage = await startStage({ settings: { PROVIDERS: `${barn.entry} ${entry}` } });
  });
  afterAll(async () => {
    await stage.close();
    await barn.close();
  });

  it('shows what it waits for, and for how long', async () => {
    const page = await openChat(stage, 'barn/nag');
    let reply = () => {};
    barn.chat((response, body) => {
      reply = () => void replyWith('There.')(response, body);
    });
    barn.run([{ model: 'plough', state: 'stopping' }]);
    await ask(page, 'Hello');
    await page.getByText(/^Barn is busy with plough(?:…|, \d+ s)$/u).waitFor();
    barn.run([{ model: 'nag', state: 'starting' }]);
    await page.getByText(/^Loading on Barn, [1-9]\d* s$/iu).waitFor();
    barn.run([{ model: 'nag', state: 'ready' }]);
    await page.getByText(/^Waiting for Barn, (?:[2-9]|\d\d) s$/iu).waitFor();
    reply();
    await page.getByText('There.').waitFor();
    await page.getByText(/first token after \d+\.\d s/u).waitFor();
  });

  it.each([
    [404, {}, 'Barn does not have this model.'],
    [429, { 'retry-after': '7' }, 'Try again in 7 s.'],
    [500, {}, 'Barn could not answer.'],
  ])('explains status %i, and tries again', async (status, headers, words) => {
    const page = await openChat(stage, 'barn/nag');
    barn.chat((response) => {
      response.writeHead(status, { ...headers, 'content-type': 'application/json' });
      response.end('{"src":"llama-swap","error":{"message":"the host’s own message"}}');
    });
    await ask(page, 'Hello');
    await page.getByText(words).waitFor();
    await page.getByText('the host’s own message').waitFor();
    barn.chat(replyWith('There.'));
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('There.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('reports a host that is offline', async () => {
    const page = await openChat(stage, 'field/nag');
    // The page must not learn it from the catalog first.
    await page.route('**/api/models', () => {});
    await stopping.close();
    await ask(page, 'Hello');
    await page.getByText('Field cannot be reached.').waitFor();
  });

  it('keeps the text of an answer that broke off, and says so', async () => {
    const page = await openChat(stage, 'barn/nag');
    barn.chat(async (response) => {
      beginStream(response);
      sendDelta(response, { content: 'Half of' });
      await sleep(300);
      response.destroy();
    });
    await ask(page, 'Hello');
    await page.getByText('Incomplete: the connection to Barn was lost.').waitFor();
    await answers(page).getByText('Half of').waitFor();
  });
});
