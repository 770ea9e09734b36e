import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { call, open } from '../call.ts';
import { startRecorder, type Recorder } from '../recorder.ts';
import { SERVERS, makeRuntime, type Instance, type Runtime } from '../runtimes/runtimes.ts';

/** Longer than the default timeouts of five minutes of Node's and Bun's clients and of Node's server. */
const LONG_MS = 310_000;

describe.concurrent.each(SERVERS)(
  'on %s, a model that takes more than five minutes',
  (_name, server) => {
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

    it.concurrent('to load answers the client', async ({ expect: expects }) => {
      const answer = await call(`${paddock.url}/v1/chat/completions`, { body });
      expects([answer.status, answer.text]).toEqual([200, 'data: first\n\ndata: last\n\n']);
    });

    it.concurrent('between two events completes its stream', async ({ expect: expects }) => {
      const { answer } = await open(`${paddock.url}/v1/completions`, { body }).opened;
      let text = '';
      for await (const chunk of answer) text += String(chunk);
      expects(text).toBe('data: first\n\ndata: last\n\n');
    });
  },
);
