// A llama-swap host that a test tells what to stream, and a person who talks with it.

import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { modelList } from '../hosts.ts';
import { startRecorder, type Recorder } from '../recorder.ts';

/** What was asked of a chat. */
interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: any }[];
  readonly [parameter: string]: unknown;
}

/** Answers a chat request. */
export type Chat = (response: ServerResponse, body: ChatBody) => void | Promise<void>;

/** The host. */
export interface ChatHost {
  /** The gateway's entry for it; it is called `Barn` there, and its provider `barn`. */
  readonly entry: string;
  /** The bodies of the chats that it was asked for. */
  readonly chats: ChatBody[];
  /** How often somebody went away before it had finished. */
  brokenOff(): number;
  /** How it answers from now on. */
  chat(chat: Chat): void;
  /** What it says it runs. */
  run(running: { model: string; state: string }[]): void;
  close(): Promise<void>;
}

/** Starts a host of one model, `nag`. */
export async function startChatHost(first: Chat = say('Hay.')): Promise<ChatHost> {
  let chat = first;
  let running = [{ model: 'nag', state: 'ready' }];
  const chats: ChatBody[] = [];
  const recorder: Recorder = await startRecorder((response, { url, body }) => {
    if (url === '/v1/models') return sendJson(response, modelList('nag'));
    if (url === '/running') return sendJson(response, { running });
    if (url !== '/v1/chat/completions') return void response.writeHead(404).end('{}');
    const asked = JSON.parse(body.toString()) as ChatBody;
    chats.push(asked);
    void chat(response, asked);
  });
  return {
    entry: `barn=llama-swap://127.0.0.1:${recorder.port}?label=Barn`,
    chats,
    brokenOff: recorder.brokenOff,
    chat: (next) => (chat = next),
    run: (next) => (running = next),
    close: recorder.close,
  };
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Begins a stream. */
export function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

/** Sends one piece of a stream. */
export function send(response: ServerResponse, delta: object, rest: object = {}): void {
  const choices = [{ index: 0, delta, finish_reason: null }];
  const chunk = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    model: 'nag',
    choices,
    ...rest,
  };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}

/** Ends a stream as llama-server does. */
export function finish(response: ServerResponse, reason = 'stop'): void {
  send(response, {}, { choices: [{ index: 0, delta: {}, finish_reason: reason }] });
  response.end('data: [DONE]\n\n');
}

/** Answers a whole text at once. */
export function say(text: string): Chat {
  return (response) => {
    begin(response);
    send(response, { content: text });
    finish(response);
  };
}

/** Answers one word after another, so many a second, until the reader goes away. */
export function babble(text: string, perSecond: number): Chat {
  return async (response) => {
    begin(response);
    const began = performance.now();
    for (const [index, word] of (text.match(/\s*\S+/gu) ?? []).entries()) {
      if (response.destroyed) return;
      send(response, { content: word });
      const ahead = (index * 1000) / perSecond - (performance.now() - began);
      if (ahead > 1) await sleep(ahead);
    }
    finish(response);
  };
}

/** Where a person writes. */
export const box = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });

/** Writes, and sends it with Enter. */
export async function tell(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await box(page).press('Enter');
}

/** The answers on the page. */
export const answers = (page: Page) => page.getByRole('article');

/** Waits until an answer has ended, as its measures and buttons say. */
export async function ended(page: Page, index = 0): Promise<void> {
  await answers(page).nth(index).and(page.locator('[aria-busy=false]')).waitFor();
}

/** Waits until the browser's own database holds some words: what is shown is kept a moment later. */
export async function kept(page: Page, words: string): Promise<void> {
  const isKept = (sought: string) =>
    new Promise<boolean>((resolve, reject) => {
      const opening = indexedDB.open('paddock-conversations');
      opening.addEventListener('error', () => reject(opening.error!));
      opening.addEventListener('success', () => {
        const reading = opening.result
          .transaction('conversations')
          .objectStore('conversations')
          .getAll();
        reading.addEventListener('success', () => {
          opening.result.close();
          resolve(JSON.stringify(reading.result).includes(sought));
        });
      });
    });
  await expect.poll(() => page.evaluate(isKept, words), { timeout: 10_000 }).toBe(true);
}
