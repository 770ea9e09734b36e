import { afterEach, expect } from 'vitest';
import type { DemoModel } from '../../demo/demo-model.ts';
import { listen } from '../../demo/listen.ts';
import type { Listener } from '../../demo/listen.ts';
import { createLlamaSwapHost } from '../../demo/llama-swap-host.ts';
import type { LlamaSwapHost, LlamaSwapHostOptions } from '../../demo/llama-swap-host.ts';
import type { SimulatedHost } from '../../demo/simulated-host.ts';

const MODELS: DemoModel[] = [
  { id: 'small', name: 'Small', aliases: ['tiny'], contextLength: 4096, loadMs: 60 },
  { id: 'eye', capabilities: ['vision', 'function_calling'], loadMs: 60 },
  { id: 'vendor/big:q4', runtimeContext: 16_384, loadMs: 60 },
  { id: 'vendor', loadMs: 10 },
  { id: 'hidden', unlisted: true, loadMs: 10 },
  { id: 'friend/far', peer: 'friend', loadMs: 10 },
  { id: 'broken', startError: 'out of memory', loadMs: 10 },
  { id: 'thinker', reasoning: true, loadMs: 10 },
  { id: 'chatty', sendLoadingState: true, loadMs: 40 },
  { id: 'chatty-broken', sendLoadingState: true, startError: 'out of memory', loadMs: 10 },
];

/** A simulated host that listens. */
export interface StartedHost extends LlamaSwapHost {
  url: string;
  listener: Listener;
}

/** Listeners that are closed after each test. */
export const open: Listener[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

/** Starts a host with a handful of models that load in milliseconds. */
export async function startHost(options: Partial<LlamaSwapHostOptions> = {}): Promise<StartedHost> {
  const host = createLlamaSwapHost({
    name: 'test-host',
    models: MODELS,
    tokensPerSecond: 2000,
    ...options,
  });
  const listener = await listen(host.fetch);
  open.push(listener);
  return { ...host, url: listener.url, listener };
}

/** Posts JSON. */
export function send(url: string, body: object, init: RequestInit = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...init,
  });
}

/** Sends a chat request. `body` has the model. */
export function chat(url: string, body: object, init: RequestInit = {}): Promise<Response> {
  const messages = [{ role: 'user', content: 'How are you?' }];
  return send(`${url}/v1/chat/completions`, { messages, ...body }, init);
}

/** Reads the JSON of an answer with any status. The test checks the value. */
export async function readJson(answer: Response | Promise<Response>): Promise<any> {
  return (await answer).json();
}

/** The events of a stream: name, `message` where it has none, and data; `[DONE]` is left out. */
export async function readEvents(response: Response): Promise<{ name: string; data: any }[]> {
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events = (await response.text()).trimEnd().split('\n\n');
  return events
    .filter((event) => event !== 'data: [DONE]')
    .map((event) => {
      const [, name = 'message', data = ''] = /^(?:event: (.*)\n)?data: (.*)$/.exec(event) ?? [];
      return { name, data: JSON.parse(data) };
    });
}

/** Gets JSON. Fails on any status but 200. The test checks the value. */
export async function getJson<T = unknown>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, init);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

/** The body of a models list. */
export interface ModelsBody {
  object: string;
  data: { id: string }[];
}

/** The body of a chat reply. */
export interface ReplyBody {
  choices: { finish_reason: string; message: { content: string } }[];
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

/** Sends a chat request and reads its reply. */
export async function readReply(url: string, body: object): Promise<ReplyBody> {
  return (await (await chat(url, body)).json()) as ReplyBody;
}

/** Waits for a condition for at most one second. */
export async function until(check: () => boolean): Promise<void> {
  await expect.poll(check, { interval: 2, timeout: 1000 }).toBe(true);
}

/** The loaded models of a host, as pairs of name and state. */
export const states = (host: SimulatedHost) =>
  host.running().map(({ model, state }) => [model, state]);
