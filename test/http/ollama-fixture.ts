import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { findDeadPort, json, modelList } from '../hosts.ts';
import { makeApp, type TestApp } from '../make-app.ts';
import { startRecorder, type Recorder, type Reply } from '../recorder.ts';

const LIST = modelList('m', 'team/größe 7:b ?#%', 'embed');

const answerWith =
  (reply: Reply): Reply =>
  (response, received) => {
    if (received.url === '/v1/models') return json(LIST)({} as never, response);
    if (received.url === '/api/tags') {
      return json({ models: [{ name: 'org/x:q4', capabilities: ['completion'] }] })(
        {} as never,
        response,
      );
    }
    if (received.url === '/api/ps') return json({ models: [] })({} as never, response);
    if (received.url === '/running') {
      return json({ running: [{ model: 'm', state: 'ready' }] })({} as never, response);
    }
    reply(response, received);
  };

/** Answers with server-sent events. */
export const events =
  (...data: readonly unknown[]): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const one of data) {
      response.write(`data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`);
    }
    response.end();
  };

/** A chunk of a chat. */
export const delta = (fields: object, finish: string | null = null) => ({
  choices: [{ index: 0, delta: fields, finish_reason: finish }],
});

/** A message of a user. */
export const messages = [{ role: 'user', content: 'Hi' }];

/** Reads the lines of a stream. */
export async function readLines(answer: Response): Promise<any[]> {
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
  const text = await answer.text();
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Reads a whole answer. */
export const readAnswer = (answer: Response): Promise<any> => answer.json();

/** Serves a file of tests: a Paddock in front of a llama-swap `a`, an OpenAI-compatible server `o`, an Ollama `n` and DeepSeek, which are one recorder. */
export function serveOllama() {
  let upstream: Recorder;
  let app: TestApp;
  let folder: string;
  const reply = (next: Reply) => upstream.reply(answerWith(next));

  beforeAll(async () => {
    upstream = await startRecorder();
    const at = `127.0.0.1:${upstream.port}`;
    folder = mkdtempSync(join(tmpdir(), 'paddock-'));
    const database = openMigratedDatabase({ url: `file:${folder}/paddock.db`, authToken: null });
    const settings = {
      PROVIDERS: `a=llama-swap://${at} o=openai://${at} n=ollama://${at} dead=llama-swap://127.0.0.1:${await findDeadPort()}`,
      DEEPSEEK_API_KEY: 'd33p',
      DEEPSEEK_BASE_URL: `http://${at}`,
      MODEL_ALIASES: 'fast=a/m tagged:latest=o/m',
      DEFAULT_MODEL: 'a/m',
    };
    app = makeApp(settings, { database });
  });
  afterAll(async () => {
    await upstream.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    reply(events('[DONE]'));
  });

  return {
    app: () => app,
    /** Sets the upstream's answer to inference requests. */
    reply,
    replyJson: (value: unknown, status = 200) =>
      reply((response) => json(value, status)({} as never, response)),
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      app.ask(path, {
        method: 'POST',
        headers,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    /** The inference requests that reached the upstream. */
    requests: () => upstream.received.filter(({ method }) => method === 'POST'),
    /** The last of them. */
    sent(): { url: string; body: any; headers: Record<string, any> } {
      const last = upstream.received.findLast(({ method }) => method === 'POST');
      return {
        url: last?.url ?? '',
        headers: last?.headers ?? {},
        body: JSON.parse(String(last?.body)),
      };
    },
  };
}
