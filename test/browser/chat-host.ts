// A llama-swap host with replies that a test sets, and what a user of the chat does.

import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { modelList } from '../hosts.ts';
import { startRecorder, type Recorder } from '../recorder.ts';
import type { Stage } from './stage.ts';

/** The body of a chat request. */
interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: any }[];
  readonly [parameter: string]: unknown;
}

/** Answers a chat request. */
export type Chat = (response: ServerResponse, body: ChatBody) => void | Promise<void>;

/** A host with one model, `nag`. */
export interface ChatHost {
  /** The entry of PROVIDERS for the host: the provider `barn` with the label `Barn`. */
  readonly entry: string;
  /** The bodies of the chat requests. */
  readonly chats: ChatBody[];
  /** Counts the requests that the client aborted. */
  countAborted(): number;
  /** Sets how the host answers from now on. */
  chat(chat: Chat): void;
  /** Sets the models that `/running` reports. */
  run(running: { model: string; state: string }[]): void;
  close(): Promise<void>;
}

/** Starts a host with one model, `nag`. */
export async function startChatHost(first: Chat = replyWith('Hay.')): Promise<ChatHost> {
  let chat = first;
  let running = [{ model: 'nag', state: 'ready' }];
  const chats: ChatBody[] = [];
  const recorder: Recorder = await startRecorder((response, { url, body }) => {
    if (url === '/v1/models') return sendJson(response, modelList('nag'));
    if (url === '/running') return sendJson(response, { running });
    if (url !== '/v1/chat/completions') return void response.writeHead(404).end('{}');
    const request = JSON.parse(body.toString()) as ChatBody;
    chats.push(request);
    void chat(response, request);
  });
  return {
    entry: `barn=llama-swap://127.0.0.1:${recorder.port}?label=Barn`,
    chats,
    countAborted: recorder.brokenOff,
    chat: (next) => (chat = next),
    run: (next) => (running = next),
    close: recorder.close,
  };
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Begins an event stream. */
export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

/** Sends one chunk of the stream. */
export function sendDelta(response: ServerResponse, delta: object, rest: object = {}): void {
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

/** Ends the stream as llama-server does. */
export function endStream(response: ServerResponse, reason = 'stop'): void {
  sendDelta(response, {}, { choices: [{ index: 0, delta: {}, finish_reason: reason }] });
  response.end('data: [DONE]\n\n');
}

/** Streams the text in one chunk. */
export function replyWith(text: string): Chat {
  return (response) => {
    beginStream(response);
    sendDelta(response, { content: text });
    endStream(response);
  };
}

/** Streams a text word by word at the given rate, until the client disconnects. */
export function streamWords(text: string, perSecond: number): Chat {
  return async (response) => {
    beginStream(response);
    const began = performance.now();
    for (const [index, word] of (text.match(/\s*\S+/gu) ?? []).entries()) {
      if (response.destroyed) return;
      sendDelta(response, { content: word });
      const ahead = (index * 1000) / perSecond - (performance.now() - began);
      if (ahead > 1) await sleep(ahead);
    }
    endStream(response);
  };
}

/** Opens the chat in a browser that has stored a model as the last choice. */
export async function openChat(stage: Stage, model: string): Promise<Page> {
  const localStorage = [{ name: 'paddock-model', value: model }];
  const storageState = { cookies: [], origins: [{ origin: stage.url, localStorage }] };
  const page = await stage.open('/#/chat', { storageState });
  await page.getByRole('heading', { name: /^Ask / }).waitFor();
  return page;
}

/** The text box for a message. */
export const messageBox = (page: Page) =>
  page.getByRole('textbox', { name: 'Message', exact: true });

/** Writes a message and sends it with Enter. */
export async function ask(page: Page, text: string): Promise<void> {
  await messageBox(page).fill(text);
  await messageBox(page).press('Enter');
}

/** The answers in the page. */
export const answers = (page: Page) => page.getByRole('article');

/** Waits until an answer is complete. */
export async function waitForAnswer(page: Page, index = 0): Promise<void> {
  await answers(page).nth(index).and(page.locator('[aria-busy=false]')).waitFor();
}

/** Waits until the browser's database contains the words: the page stores them later than it shows them. */
export async function waitForStored(page: Page, words: string): Promise<void> {
  const isStored = (sought: string) =>
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
  await expect.poll(() => page.evaluate(isStored, words), { timeout: 10_000 }).toBe(true);
}
