import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { call, open } from '../call.ts';
import { startRecorder, type Recorder } from '../recorder.ts';
import { BUN, makeRuntime, NODE, type Instance, type Runtime } from '../runtimes/runtimes.ts';

/** Longer than the five minutes after which Node's and Bun's own clients, and Node's server, lose patience. */
const LONG_MS = 310_000;

describe.concurrent.each([
  ['Node', NODE],
  ['Bun', BUN],
])('on %s, where a model takes more than five minutes', (_name, server) => {
  let host: Recorder;
  let runtime: Runtime;
  let paddock: Instance;
  const body = '{"model":"host/slow"}';

  beforeAll(async () => {
    host = await startRecorder(async (response, { url }) => {
      if (url.startsWith('/v1/chat')) await sleep(LONG_MS);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
      if (url.startsWith('/v1/completions')) await sleep(LONG_MS);
      response.end('data: last\n\n');
    });
    runtime = makeRuntime(server);
    paddock = await runtime.start({ PROVIDERS: `host=llama-swap://127.0.0.1:${host.port}` });
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await host?.close();
  });

  it.concurrent('to load, the client gets its answer', async ({ expect: expects }) => {
    const answer = await call(`${paddock.url}/v1/chat/completions`, { body });
    expects([answer.status, answer.text]).toEqual([200, 'data: first\n\ndata: last\n\n']);
  });

  it.concurrent('between two words, the client gets both', async ({ expect: expects }) => {
    const { answer } = await open(`${paddock.url}/v1/completions`, { body }).opened;
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    expects(text).toBe('data: first\n\ndata: last\n\n');
  });
});
