import { generateText } from 'ai';
import { afterEach, describe, expect, it } from 'vitest';
import { createPaddock, type PaddockOptions } from '../../src/client/client.ts';
import { startRecorder, type Recorder } from '../recorder.ts';

const recorders: Recorder[] = [];

afterEach(async () => {
  await Promise.all(recorders.splice(0).map((recorder) => recorder.close()));
});

/** The requests of a few client calls to `http://127.0.0.1:<port><path>`, with the platform's fetch. */
async function record(path: string, options: Omit<PaddockOptions, 'url'> = {}) {
  const recorder = await startRecorder((response, { url }) => {
    if (url.includes('/api/')) return void response.writeHead(204).end();
    response.writeHead(200, { 'content-type': 'application/json' });
    const message = { role: 'assistant', content: 'Good day' };
    response.end(JSON.stringify({ choices: [{ message, finish_reason: 'stop' }] }));
  });
  recorders.push(recorder);
  const paddock = createPaddock({ url: `http://127.0.0.1:${recorder.port}${path}`, ...options });
  const model = paddock.languageModel('a/m');
  await paddock.models({ refresh: true });
  await paddock.favorites.remove('a/b c');
  await paddock.unloadAll('a');
  expect((await generateText({ model, prompt: 'Hello', maxRetries: 0 })).text).toBe('Good day');
  return recorder.received;
}

describe('the client sends', () => {
  it.each([
    ['an origin', '', ''],
    ['an origin with a slash', '/', ''],
    ['a path behind a proxy', '/proxy', '/proxy'],
    ['a longer path with slashes', '/apps/proxy//', '/apps/proxy'],
  ])('requests to the right paths for %s', async (_name, path, prefix) => {
    const received = await record(path);
    expect(received.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${prefix}/api/models?refresh=1`,
      `DELETE ${prefix}/api/favorites/a%2Fb%20c`,
      `POST ${prefix}/api/providers/a/unload`,
      `POST ${prefix}/v1/chat/completions`,
    ]);
    expect(JSON.parse(String(received[3]?.body))).toMatchObject({ model: 'a/m' });
  });

  it('its key when it has one', async () => {
    const keysOf = async (options: Omit<PaddockOptions, 'url'>) =>
      (await record('', options)).map(({ headers }) => headers.authorization);
    const key = 'Bearer s3cret key';
    expect(await keysOf({ apiKey: 's3cret key' })).toEqual([key, key, key, key]);
    expect(await keysOf({})).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('no request before a method is called', async () => {
    const urls: string[] = [];
    const paddock = createPaddock({
      url: 'http://paddock.test/',
      fetch: async (input) => {
        urls.push(String(input));
        return Response.json({ roles: {} });
      },
    });
    paddock.languageModel('a/m');
    expect(urls).toEqual([]);
    await paddock.roles();
    expect(urls).toEqual(['http://paddock.test/api/roles']);
  });
});
