import { describe, expect, it } from 'vitest';
import { makeApp } from '../make-app.ts';
import type { Reply } from '../recorder.ts';
import { delta, events, messages, readAnswer, readLines, serveOllama } from './ollama-fixture.ts';

const { app, reply, replyJson, post } = serveOllama();

const asking = (rest: string) => `{"model":"a/m","messages":[{"role":"user"}]${rest}}`;
const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

describe('errors of Ollama’s API', () => {
  it.each([
    ['an empty body', '', 'not valid JSON'],
    ['half a body', '{', 'not valid JSON'],
    ['a list', '[]', 'not a JSON object'],
    ['a number for a model', '{"model":7}', '"model"'],
    ['a number for a text', '{"messages":[{"role":"user","content":7}]}', '"messages.0.content"'],
    ['a message without a role', '{"messages":[{}]}', '"messages.0.role"'],
    ['an unknown way to think', asking(',"think":"hard"'), '"think"'],
    ['an unknown format', asking(',"format":"xml"'), '"format"'],
    ['a list for a schema', asking(',"format":[]'), '"format"'],
    ['a list for options', asking(',"options":[]'), '"options"'],
    ['a list for a tool', asking(',"tools":[[]]'), '"tools.0"'],
    ['a text for a number', asking(',"options":{"top_k":"3"}'), '"top_k"'],
    ['a number for a stop text', asking(',"options":{"stop":[3]}'), '"stop"'],
    [
      'a control character',
      '{"model":"a\\u0000","messages":[{"role":"user"}]}',
      'control character',
    ],
    ['a long name', `{"model":"${'x'.repeat(600)}","messages":[{"role":"u"}]}`, 'longer than 512'],
    ['deep nesting', asking(`,"tools":[{"a":${deep}}]`), 'nests too deeply'],
  ])('name what is wrong with %s', async (_what, body, part) => {
    const answer = await post('/api/chat', body);
    const { error, ...rest } = await readAnswer(answer);
    expect([answer.status, rest]).toEqual([400, {}]);
    expect(error).toContain(part);
  });

  it.each([
    [{ raw: true, template: '{{ .Prompt }}' }, 'raw prompt'],
    [{ template: '{{ range .Messages }}{{ end }}' }, 'The template has more'],
    [{ raw: true, images: ['AAAA'] }, 'takes no images'],
  ])('refuses what no provider can do: %j', async (fields, part) => {
    const answer = await post('/api/generate', { model: 'a/m', prompt: 'P', ...fields });
    expect([answer.status, (await readAnswer(answer)).error]).toEqual([
      400,
      expect.stringContaining(part),
    ]);
  });

  it('of a provider that is down are Paddock’s own', async () => {
    const answer = await post('/api/chat', { model: 'dead/m', messages });
    expect([answer.status, await readAnswer(answer)]).toEqual([
      502,
      { error: expect.stringMatching(/^dead refused the connection/u) },
    ]);
  });

  it.each<[unknown, number, string]>([
    [{ error: { message: 'no such model' } }, 404, 'no such model'],
    [{ src: 'llama-swap', error: 'old' }, 400, 'old'],
    [{ detail: 'slow down' }, 429, 'slow down'],
    [{}, 500, '{}'],
  ])('of a provider keep their status and message: %j', async (value, status, message) => {
    replyJson(value, status);
    for (const stream of [true, false]) {
      const answer = await post('/api/chat', { model: 'a/m', messages, stream });
      expect([answer.status, await readAnswer(answer)]).toEqual([status, { error: message }]);
    }
  });

  it('of a provider that is no model server hide its page', async () => {
    reply((response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<p>secret</p>'),
    );
    const answer = await post('/api/chat', { model: 'a/m', messages });
    expect([answer.status, await readAnswer(answer)]).toEqual([
      502,
      { error: 'a sent an answer that is not JSON.' },
    ]);
  });

  const begun = delta({ content: 'He' });
  it.each<[string, Reply, string]>([
    [
      'an error event',
      events(begun, { error: { message: 'out of memory' } }, '[DONE]'),
      'out of memory',
    ],
    [
      'an error without a field',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(
          `data: ${JSON.stringify(begun)}\n\n{"src":"llama-swap","error":"failed to load"}\n`,
        );
      },
      'failed to load',
    ],
    ['an early end', events(begun), 'a ended its answer early.'],
    ['an event that is not JSON', events(begun, '{nonsense'), 'a sent an event that is not JSON.'],
    [
      'arguments that are not JSON',
      events(
        begun,
        delta({ tool_calls: [{ index: 0, function: { name: 'f', arguments: '{' } }] }),
        delta({}, 'tool_calls'),
      ),
      'a called the tool "f" with arguments that are not a JSON object.',
    ],
    [
      'a broken connection',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`data: ${JSON.stringify(begun)}\n\n`, () =>
          setTimeout(() => response.destroy(), 20),
        );
      },
      'a broke off its answer.',
    ],
  ])('within a stream are its last line: %s', async (_what, answer, message) => {
    reply(answer);
    const lines = await readLines(await post('/api/chat', { model: 'a/m', messages }));
    expect(lines).toMatchObject([{ message: { content: 'He' }, done: false }, { error: message }]);
    await expect.poll(() => app().lines.at(-1)?.['end']).not.toBe('complete');
  });

  it('do not include a provider that leaves its stream open after the last event', async () => {
    const closed = new Promise((resolve) => {
      reply((response) => {
        response.on('close', resolve);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`data: ${JSON.stringify(delta({ content: 'Hi' }, 'stop'))}\n\n`);
        response.write('data: [DONE]\n\n');
      });
    });
    const lines = await readLines(await post('/api/chat', { model: 'a/m', messages }));
    expect(lines).toMatchObject([{ message: { content: 'Hi' } }, { done: true }]);
    await closed;
    await expect.poll(() => app().lines.at(-1)?.['end']).toBe('complete');
  });

  it('of a whole answer that breaks off are 502', async () => {
    reply((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{', () => setTimeout(() => response.destroy(), 20));
    });
    const answer = await post('/api/chat', { model: 'a/m', messages, stream: false });
    expect([answer.status, (await readAnswer(answer)).error]).toEqual([
      502,
      expect.stringMatching(/^a broke off its answer/u),
    ]);
  });

  it('have Ollama’s shape on every route of its API', async () => {
    const keyed = makeApp({ PROVIDERS: 'a=openai://127.0.0.1:1', API_KEYS: 'k3y' });
    for (const path of ['tags', 'ps', 'show', 'chat', 'generate', 'embed', 'embeddings', 'pull']) {
      const method = /^(?:tags|ps)$/u.test(path) ? 'GET' : 'POST';
      const { error, ...rest } = await keyed.read(`/api/${path}`, { method });
      expect([path, rest]).toEqual([path, {}]);
      expect(error).toMatch(/^An API key is required/u);
    }
    for (const path of ['/v1/api/chat', '/v1/api/tags']) {
      expect(await app().read(path)).toEqual({
        error: expect.stringMatching(/^No route matches .*Ollama clients does not/u),
      });
    }
    expect(await app().read('/api/pull', { method: 'POST' })).toEqual({
      error: expect.stringMatching(/^No route matches .*Pull, create/u),
    });
  });
});
