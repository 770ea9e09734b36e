import { describe, expect, it } from 'vitest';
import { startModels } from '../hosts.ts';
import { makeApp } from '../make-app.ts';

const SETTINGS = { PROVIDERS: 'a=llama-swap://127.0.0.1:9' };

describe('the one error shape', () => {
  it.each([
    ['/nope', 'GET', 404, 'not_found'],
    ['/api/nope', 'POST', 404, 'not_found'],
    ['/api/favorite/', 'GET', 404, 'not_found'],
    ['/docs/no-such-part', 'GET', 404, 'not_found'],
    ['/api/models', 'POST', 405, 'method_not_allowed'],
    ['/api/resolve', 'GET', 400, 'invalid_request'],
    ['/api/resolve?model=', 'GET', 400, 'invalid_model_id'],
  ])('is used for %s with %s', async (path, method, status, code) => {
    const answer = await makeApp(SETTINGS).ask(path, { method });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toEqual({
      src: 'paddock',
      error: {
        message: expect.any(String),
        type: 'invalid_request_error',
        param: status === 400 ? 'model' : null,
        code,
      },
    });
  });

  it.each([
    ['{}', 'POST', '/v1/chat/completions'],
    ['{"model":null}', 'POST', '/v1/chat/completions'],
    ['{"model":""}', 'POST', '/v1/embeddings'],
    [undefined, 'GET', '/v1/audio/voices?model='],
    [undefined, 'GET', '/props?model&x=1'],
  ])('answers model_required for %s without a default model', async (body, method, path) => {
    const answer = await makeApp(SETTINGS).ask(path, {
      method,
      ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { code: 'model_required', param: 'model' },
    });
  });

  it('truncates a long path in the message', async () => {
    const answer = await makeApp(SETTINGS).ask(`/${'a'.repeat(5000)}`);
    expect((await answer.text()).length).toBeLessThan(450);
  });

  it('has no body for HEAD of a missing file', async () => {
    const answer = await makeApp(SETTINGS).ask('/docs/no-such-part', { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([404, '']);
  });

  it("is Anthropic's on Anthropic's routes", async () => {
    const answer = await makeApp(SETTINGS).ask('/v1/messages/nope');
    expect(await answer.json()).toEqual({
      type: 'error',
      src: 'paddock',
      error: { type: 'not_found_error', message: expect.any(String) },
    });
  });

  it.each([
    ['/api/models', 'DELETE', 'GET, HEAD'],
    ['/api/favorites', 'POST', 'GET, HEAD, PUT'],
    ['/api/favorites/a/x', 'PATCH', 'PUT, DELETE'],
    ['/v1/models/a/x', 'PUT', 'GET, HEAD'],
  ])('lists the allowed methods of %s for %s', async (path, method, allow) => {
    const answer = await makeApp(SETTINGS).ask(path, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  });

  it('does not log missing providers for each request', async () => {
    const app = makeApp({});
    expect((await app.ask('/api/models')).status).toBe(503);
    expect(app.logged).toEqual([]);
  });

  it('hides an unexpected error from the client, and logs it in one line', async () => {
    const surprise = () => {
      throw new Error('secret stack');
    };
    const app = makeApp(SETTINGS, {
      database: { read: surprise, write: surprise, script: surprise },
    });
    const answer = await app.ask('/api/favorites/a%0Aforged%20line', { method: 'DELETE' });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(app.logged).toEqual([
      expect.stringMatching(/^DELETE .*: Paddock failed with an internal error[^\n]*$/),
    ]);
  });

  it('answers a HEAD as its GET without a body', async () => {
    const host = await startModels(['m']);
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    const answer = await app.ask('/api/models', { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    await host.close();
  });
});

it('/api/resolve answers without a probe', async () => {
  const app = makeApp({
    PROVIDERS:
      'a=llama-swaps://tok@host.test/base/v1?sidecar=http://side.test:81/ b=openai://other.test',
    DEEPSEEK_API_KEY: 'sk-deep',
    MODEL_ALIASES: 'fast=b/m',
  });
  const read = (model: string) =>
    app.read(`/api/resolve?model=${encodeURIComponent(model)}&unknown=1`);
  expect(await read('a/x/y')).toEqual({
    id: 'a/x/y',
    provider: 'a',
    model: 'x/y',
    kind: 'llama-swap',
    via: 'composite',
    upstream: { inference: 'http://side.test:81', management: 'https://host.test/base' },
    available: null,
    contextWindow: null,
    contextSource: 'unknown',
  });
  expect(await read(' fast ')).toMatchObject({ id: 'b/m', via: 'alias', kind: 'openai' });
  expect(await read('deepseek-r1')).toMatchObject({ id: 'a/deepseek-r1', via: 'bare' });
  expect(await read('deepseek/deepseek-v4-pro')).toMatchObject({ kind: 'deepseek' });
  expect(await read('a+b c')).toMatchObject({ model: 'a+b c' });
});
