import { describe, expect, it } from 'vitest';
import { findDeadPort, json, modelList, startHost, whileTesting } from '../hosts.ts';
import { makeApp } from '../make-app.ts';

const NOT_FOUND = { error: { message: 'model not found' } };

/** Starts a provider that lists models and serves requests for `served`. */
async function start(...models: string[]) {
  const host = await whileTesting(
    startHost({
      '/v1/models': json(modelList(...models)),
      '/running': json({ running: [] }),
      '/v1/chat/completions': (request, response) => {
        let text = '';
        request.on('data', (chunk) => (text += chunk));
        request.on('end', () => {
          const { model } = JSON.parse(text);
          const isServed = models.includes(model) || model === 'hidden/model';
          json(isServed ? { model } : NOT_FOUND, isServed ? 200 : 404)(request, response);
        });
      },
      '/v1/audio/voices?model=lab%2Fgpt-oss': json(NOT_FOUND, 404),
    }),
  );
  return host;
}

async function setUp(settings: Record<string, string> = {}) {
  const sam = await start('qwen3', 'unsloth/Qwen3');
  const lab = await start('gpt-oss', '模型');
  const app = makeApp({
    PROVIDERS: `sam-desktop=llama-swap://127.0.0.1:${sam.port} lab-server=llama-swap://127.0.0.1:${lab.port}`,
    CATALOG_TTL_MS: '3600000',
    ...settings,
  });
  await app.ask('/api/models');
  const chat = (model: string, path = '/v1/chat/completions') => {
    const headers = { 'content-type': 'application/json' };
    return app.ask(path, { method: 'POST', headers, body: JSON.stringify({ model }) });
  };
  return { app, chat, sam, lab };
}

const NOTE =
  '"lab/gpt-oss" does not begin with the name of a provider, so it is a bare ID of sam-desktop, which does not list it. Providers: sam-desktop, lab-server. Did you mean lab-server/gpt-oss?';

describe('an ID with a wrong prefix', () => {
  it('goes to the default provider, whose answer passes unchanged, with a note for the client and the log', async () => {
    const { app, chat, sam, lab } = await setUp();
    const before = lab.requests.length;
    const answer = await chat('lab/gpt-oss');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual(NOT_FOUND);
    expect(answer.headers.get('x-paddock-note')).toBe(NOTE);
    expect(answer.headers.get('x-paddock-provider')).toBe('sam-desktop');
    expect(app.lines.at(-1)).toMatchObject({ msg: `POST /v1/chat/completions 404 (${NOTE})` });
    expect(sam.requests.filter((path) => path === '/v1/models')).toHaveLength(1);
    expect(lab.requests).toHaveLength(before);
  });

  it('is explained beside a wrong base URL', async () => {
    const { app, chat } = await setUp();
    const note = `The path lacks /v1. Add /v1 to the end of the base URL. ${NOTE}`;
    const answer = await chat('lab/gpt-oss', '/chat/completions');
    await answer.text();
    expect(answer.headers.get('x-paddock-note')).toBe(note);
    expect(app.lines.at(-1)?.msg).toContain(note);
  });

  it('is explained in ASCII to the client, and as it is to the log', async () => {
    const { app, chat } = await setUp();
    const answer = await chat('labör/模型');
    await answer.text();
    expect(answer.headers.get('x-paddock-note')).toContain(
      '"lab%C3%B6r/%E6%A8%A1%E5%9E%8B" does not begin',
    );
    expect(app.lines.at(-1)?.msg).toContain('Did you mean lab-server/模型?');
  });

  it('is explained in a query, on a model’s own page, and when it is unloaded or stored', async () => {
    const { app } = await setUp();
    const unload = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"model":"lab/gpt-oss"}',
    };
    const notes = [
      await app.ask('/v1/audio/voices?model=lab%2Fgpt-oss'),
      await app.ask('/v1/models/lab/gpt-oss'),
      await app.ask('/api/context?model=lab/gpt-oss'),
      await app.ask('/api/resolve?model=lab/gpt-oss'),
      await app.ask('/api/unload', unload),
      await app.ask('/api/favorites/lab/gpt-oss', { method: 'PUT' }),
      await app.ask('/api/favorites/lab/gpt-oss', { method: 'DELETE' }),
    ].map(({ headers }) => headers.get('x-paddock-note'));
    expect(notes).toEqual(notes.map(() => NOTE));
  });

  it('is explained by /api/resolve', async () => {
    const { app } = await setUp({ TASK_MODEL: 'lab/gpt-oss' });
    const note = async (query: string) => (await app.read(`/api/resolve?${query}`)).note;
    expect(await note('model=lab/gpt-oss')).toBe(NOTE);
    expect(await note('model=sam-desktop%252Fqwen3')).toContain('Did you mean sam-desktop/qwen3?');
    expect(await note('role=task')).toBe(NOTE);
    for (const id of ['qwen3', 'unsloth/Qwen3', 'lab-server/gpt-oss', 'lab-server/gone']) {
      expect(await note(`model=${id}`)).toBeUndefined();
    }
  });

  it('is explained although the provider serves it: its list may lack models', async () => {
    const { chat } = await setUp();
    const { status, headers } = await chat('hidden/model');
    expect([status, headers.get('x-paddock-note')]).toEqual([
      200,
      expect.stringContaining('which does not list it'),
    ]);
  });

  it('is explained when no list is known yet and the request failed', async () => {
    const sam = await start('qwen3', 'unsloth/Qwen3');
    const PROVIDERS = `sam-desktop=llama-swap://127.0.0.1:${sam.port}`;
    const app = makeApp({ PROVIDERS });
    const note = async (model: string) => {
      const init = { method: 'POST', body: JSON.stringify({ model }) };
      return (await app.ask('/v1/chat/completions', init)).headers.get('x-paddock-note');
    };
    expect(await note('unsloth/Qwen3')).toBeNull();
    expect(await note('lab/gpt-oss')).toContain(
      'it is a bare ID of sam-desktop. Providers: sam-desktop. Write provider/model.',
    );
    expect(sam.requests).not.toContain('/v1/models');
  });

  it('is explained when its provider is offline', async () => {
    const lab = await start('gpt-oss');
    const app = makeApp({
      PROVIDERS: `sam-desktop=llama-swap://127.0.0.1:${await findDeadPort()} lab-server=llama-swap://127.0.0.1:${lab.port}`,
    });
    await app.ask('/api/models');
    const init = { method: 'POST', body: '{"model":"lab/gpt-oss"}' };
    const { status, headers } = await app.ask('/v1/chat/completions', init);
    expect(status).toBe(502);
    expect(headers.get('x-paddock-note')).toContain('Did you mean lab-server/gpt-oss?');
  });

  it('is not repeated with a key that it contains', async () => {
    const { app } = await setUp({ METRICS_KEYS: 'a-long-secret-key' });
    const init = { method: 'POST', body: '{"model":"lab/a-long-secret-key"}' };
    const answer = await app.ask('/v1/chat/completions', init);
    await answer.text();
    expect(answer.headers.get('x-paddock-note')).toContain('"lab/[redacted]" does not begin');
    expect(app.lines.at(-1)?.msg).not.toContain('secret');
  });
});

describe('no note', () => {
  it.each(['qwen3', 'unlisted', 'unsloth/Qwen3', 'sam-desktop/gone', 'lab-server/gpt-oss'])(
    'is sent for %s',
    async (model) => {
      const { chat } = await setUp();
      expect((await chat(model)).headers.has('x-paddock-note')).toBe(false);
    },
  );
});
