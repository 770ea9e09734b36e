import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSettings } from '../../src/settings/settings.ts';
import { resolveModel } from '../../src/resolve/resolve-model.ts';
import { inputs } from '../fuzz.ts';
import { whileTesting } from '../hosts.ts';
import { makeApp, put, type TestApp } from '../make-app.ts';
import { startRecorder, type Reply } from '../recorder.ts';

/** Lists no models, and echoes all other requests. */
const echo =
  (provider: string): Reply =>
  (response, { url, body }) => {
    const answer = url === '/v1/models' ? { data: [] } : { provider, url, body: String(body) };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };

const raw = (id: string) => encodeURI(id).replaceAll('?', '%3F').replaceAll('#', '%23');
const formEncoded = (id: string) => String(new URLSearchParams({ model: id }));
/** Every byte percent-encoded, in lower case. */
const encoded = (id: string) => Buffer.from(id).toString('hex').replaceAll(/../g, '%$&');

/** Whether a path has no dot segments, which clients and servers remove. */
const isPath = (path: string) => path !== '' && !/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/iu.test(path);

/** The ID that reached an upstream, or the error code. */
async function readRelayed(answer: Response, read: (received: any) => string): Promise<unknown> {
  const received: any = await answer.json();
  return answer.ok ? `${received.provider}/${read(received)}` : received.error.code;
}

async function readOwn(answer: Response): Promise<unknown> {
  const { id, error }: any = await answer.json();
  if (answer.ok) return id;
  const [, provider, model] = /^(\S+) does not list "(.*)"\. /su.exec(error.message) ?? [];
  // Messages escape line separators.
  const named = model?.replaceAll(/\\u(202[89])/gu, (_, code) =>
    String.fromCharCode(parseInt(code, 16)),
  );
  return error.code === 'not_found' ? `${provider}/${named}` : error.code;
}

function form(id: string): RequestInit {
  const head = '--BOUNDARY\r\ncontent-disposition: form-data; name="model"\r\n\r\n';
  const body = `${head}${id}\r\n--BOUNDARY--\r\n`;
  const headers = {
    'content-type': 'multipart/form-data; boundary=BOUNDARY',
    'content-length': String(Buffer.byteLength(body)),
  };
  return { method: 'POST', headers, body };
}

const RELAYED = /^(?:voices|chat|form)\b/u;

/** The ways to write an ID in a path. */
const PATHS = [raw, encodeURIComponent, encoded];

/** Sends an ID to every route in every way, and yields the ID that it resolved to. */
async function* sendEverywhere(
  app: TestApp,
  id: string,
): AsyncGenerator<[way: string, outcome: unknown]> {
  for (const query of [
    `model=${encodeURIComponent(id)}`,
    `model=${encoded(id)}`,
    formEncoded(id),
  ]) {
    yield [`resolve ${query}`, await readOwn(await app.ask(`/api/resolve?${query}`))];
    yield [`context ${query}`, await readOwn(await app.ask(`/api/context?${query}`))];
    const voices = await app.ask(`/v1/audio/voices?${query}`);
    const read = ({ url }: any) => new URL(url, 'http://host').searchParams.get('model') ?? '';
    yield [`voices ${query}`, await readRelayed(voices, read)];
  }
  for (const path of PATHS.map((write) => write(id)).filter(isPath)) {
    yield [`model ${path}`, await readOwn(await app.ask(`/v1/models/${path}`))];
    const added = await app.ask(`/api/favorites/${path}`, { method: 'PUT' });
    yield [`favorite ${path}`, await readOwn(added)];
    const again = raw(id) === path || !isPath(raw(id)) ? encoded(id) : raw(id);
    await app.ask(`/api/favorites/${again}`, { method: 'DELETE' });
    yield ['unfavorite', (await app.read('/api/favorites')).favorites];
  }
  const chat = await app.ask('/v1/chat/completions', { ...put({ model: id }), method: 'POST' });
  yield ['chat', await readRelayed(chat, ({ body }) => JSON.parse(body).model)];
  const transcription = await app.ask('/v1/audio/transcriptions', form(id));
  yield ['form', await readRelayed(transcription, ({ body }) => body.split('\r\n')[3])];
}

const scrap = fc.constantFrom(
  ...['a', 'b', 'fast', 'any', '/', '//', '.', '..', '%', '%2F', '%2e', '+', ' ', '&', '=', '?'],
  ...['#', '\\', ':', '"', '@', '\u0000', '\u000b', '\u0085', '\u2028', 'ü', '🦙', 'x'.repeat(511)],
);
const id = fc
  .array(fc.oneof({ weight: 4, arbitrary: scrap }, fc.string({ unit: 'grapheme', maxLength: 3 })), {
    maxLength: 6,
  })
  .map((scraps) => scraps.join(''))
  // Forms cannot carry line breaks unchanged, and no route accepts them.
  .filter((text) => text.isWellFormed() && !/[\r\n]/u.test(text));

test('an ID resolves to the same model in every route and every encoding', async () => {
  const a = await whileTesting(startRecorder(echo('a')));
  const b = await whileTesting(startRecorder(echo('b')));
  const environment = {
    PROVIDERS: `a=llama-swap://127.0.0.1:${a.port} b=openai://127.0.0.1:${b.port}`,
    MODEL_ALIASES: 'fast=b/x',
    CATALOG_TTL_MS: '86400000',
  };
  const { registry } = parseSettings(environment);
  const app = makeApp(environment);
  const property = fc.asyncProperty(id, async (text) => {
    const resolution = resolveModel(text, registry);
    const expected = resolution.ok ? resolution.id : resolution.code;
    for await (const [way, outcome] of sendEverywhere(app, text)) {
      if (way === 'unfavorite') expect(outcome).toEqual([]);
      // Inference routes treat an empty model as a missing one.
      else if (text === '' && RELAYED.test(way))
        expect([way, outcome]).toEqual([way, 'model_required']);
      else expect([way, outcome]).toEqual([way, expected]);
    }
  });
  await fc.assert(property, inputs(100));
  expect(app.logged).toEqual([]);
});
