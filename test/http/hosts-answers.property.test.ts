import * as fc from 'fast-check';
import type { ServerResponse } from 'node:http';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { catalogAnswer } from '../../src/catalog/catalog.ts';
import { opencodeAnswer } from '../../src/catalog/opencode-schema.ts';
import { doctorAnswer } from '../../src/doctor/diagnosis.ts';
import { errorSchema } from '../../src/http/openapi/error-schemas.ts';
import { loadedAnswer } from '../../src/http/routes/load.ts';
import { runningAnswer, unloadedAnswer } from '../../src/http/routes/management-schemas.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { resolveModel } from '../../src/resolve/resolve-model.ts';
import { inputs } from '../fuzz.ts';
import { whileTesting } from '../hosts.ts';
import { makeApp, put } from '../make-app.ts';
import { startRecorder } from '../recorder.ts';

const TOKEN = 't0ken-of-the-h0st';

/** The answer of an upstream at one path. */
interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
  readonly end: 'whole' | 'reset' | 'cut off';
}

const name = fc.oneof(
  fc.constantFrom('q', 'a/b', '..', '.', '', ' q ', '__proto__', 'x'.repeat(600), 'é', '\u2028'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.double(),
  fc.constantFrom(-1, 1e300, 4096, null),
);
const record = fc.record(
  {
    id: fc.oneof(name, odd),
    name: fc.oneof(name, odd),
    context_length: odd,
    status: fc.oneof(
      odd,
      fc.record({ value: fc.constantFrom('loaded', 'unloaded', 'sleeping'), args: odd }),
    ),
    owned_by: fc.constantFrom('llamacpp', 'llama-swap'),
    capabilities: fc.oneof(odd, fc.dictionary(name, fc.boolean())),
    meta: fc.record({
      n_ctx: odd,
      llamaswap: fc.record({ type: name, modelID: name, aliases: odd }),
    }),
  },
  { requiredKeys: ['id'] },
);
const entry = fc.record({
  model: name,
  state: fc.constantFrom('ready', 'ready', 'starting', 'stopped', 'asleep'),
  cmd: fc.oneof(odd, fc.constantFrom('llama-server -c 4096', `server --api-key ${TOKEN}`)),
  proxy: fc.constant(`http://${TOKEN}`),
});
/** An entry of Ollama's lists and of LM Studio's. */
const modelEntry = fc.record(
  {
    name: fc.oneof(name, odd),
    key: fc.oneof(name, odd),
    digest: fc.oneof(name, odd),
    capabilities: fc.oneof(odd, fc.array(fc.constantFrom('tools', 'vision', 'embedding'))),
    details: fc.oneof(odd, fc.record({ context_length: odd })),
    remote_host: fc.oneof(name, odd),
    loaded_instances: fc.array(fc.oneof(odd, fc.record({ id: fc.oneof(name, odd), config: odd }))),
    context_length: odd,
  },
  { requiredKeys: ['loaded_instances'] },
);
/** Too deep for a recursive parser. */
const nested = fc
  .constantFrom(
    ['[', ']'],
    ['{"running":[],"a":', '}'],
    ['{"data":[', ']}'],
    ['{"running":[{"a":', '}]}'],
  )
  .map(([open = '', close = '']) => `${open.repeat(20_000)}1${close.repeat(20_000)}`);
const json = fc.oneof(
  fc.record({ data: fc.array(fc.oneof(record, odd), { maxLength: 5 }) }),
  fc.record({ models: fc.array(fc.oneof(modelEntry, odd), { maxLength: 5 }) }),
  fc.record({ total_slots: odd, role: name, modalities: odd, build_info: odd }),
  fc.record({ running: fc.array(fc.oneof(entry, odd), { maxLength: 5 }) }),
  fc.record({ default_generation_settings: fc.oneof(odd, fc.record({ n_ctx: odd })) }),
  fc.record({ version: fc.oneof(name, odd), commit: odd }, { requiredKeys: ['version'] }),
  fc.record({ error: fc.oneof(fc.constant(TOKEN), fc.record({ message: odd, code: odd })) }),
  fc.jsonValue(),
);
const body = fc.oneof(
  { weight: 6, arbitrary: json.map((value) => Buffer.from(JSON.stringify(value) ?? '')) },
  { weight: 1, arbitrary: nested.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array().map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(`<html>${TOKEN}`, `no: ${TOKEN}\r\n\u001b[2J`, 'OK', '404 page not found')
      .map((text) => Buffer.from(text)),
  },
);
const answer: fc.Arbitrary<Answer> = fc.record({
  status: fc.oneof(
    { weight: 3, arbitrary: fc.constant(200) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(201, 204, 206, 301, 304, 307, 401, 403, 404, 405, 418),
    },
    { weight: 1, arbitrary: fc.constantFrom(429, 500, 502, 503, 504, 529, 599) },
  ),
  type: fc.constantFrom('application/json', 'text/html', 'text/event-stream', 'a/b; charset=\xff'),
  body,
  end: fc.constantFrom('whole', 'whole', 'whole', 'reset', 'cut off'),
});

/** Providers of other kinds, all at the same address. */
const OTHERS = [
  ['c', 'llama-server'],
  ['d', 'ollama'],
  ['e', 'lmstudio'],
] as const;

/** The answers of an upstream at each path that Paddock requests. */
const answers = fc.record({
  '/v1/models': answer,
  '/running': answer,
  '/props': answer,
  '/api/tags': answer,
  '/api/ps': answer,
  '/api/v1/models': answer,
  '/api/version': answer,
  '/api/models/unload': answer,
  '/unload': answer,
  /** For all other paths, such as those of the models' own servers. */
  rest: answer,
});

function sendAnswer(response: ServerResponse, { status, type, body: bytes, end }: Answer): void {
  const isCutOff = end === 'cut off';
  const length = bytes.length + (isCutOff ? 9 : 0);
  const hasBody = status !== 204 && status !== 304;
  response.writeHead(status, {
    'content-type': type,
    'x-echo': TOKEN,
    'www-authenticate': `Basic realm="${TOKEN}"`,
    ...(hasBody && { 'content-length': length }),
  });
  if (hasBody) response.write(bytes);
  if (end === 'whole') response.end();
  else setImmediate(() => response.socket?.[isCutOff ? 'destroy' : 'resetAndDestroy']());
}

test('every route matches its schema, lists models that resolve, and shows no key, for any answers of upstreams', async () => {
  let given: Readonly<Record<string, Answer>> = {};
  const host = await whileTesting(
    startRecorder((response, { url }) => {
      const chosen = given[url] ?? given['rest'];
      if (chosen !== undefined) sendAnswer(response, chosen);
    }),
  );
  const at = `127.0.0.1:${host.port}`;
  const PROVIDERS = `a=llama-swap://${TOKEN}@${at} b=openai://${TOKEN}@${at}?context=9 ${OTHERS.map(([provider, scheme]) => `${provider}=${scheme}://${TOKEN}@${at}`).join(' ')}`;
  const { registry } = parseSettings({ PROVIDERS });
  const app = makeApp({ PROVIDERS, PROBE_TIMEOUT_MS: '2000' });

  const send = async (path: string, init?: RequestInit) => {
    const response = await app.ask(path, init);
    const text = await response.text();
    // /running is passed on unchanged.
    if (!path.endsWith('/running') || !response.ok)
      expect([path, text]).not.toEqual([path, expect.stringContaining(TOKEN)]);
    return { status: response.status, value: JSON.parse(text) as unknown };
  };
  const check = (schema: v.GenericSchema, value: unknown) => {
    expect(v.safeParse(schema, value).issues).toBeUndefined();
  };
  const managed = async (path: string, schema: v.GenericSchema, init?: RequestInit) => {
    const { status, value } = await send(path, init);
    expect([path, [200, 404, 409, 502, 504].includes(status)]).toEqual([path, true]);
    check(status === 200 ? schema : errorSchema, value);
    expect(JSON.stringify(value)).not.toContain(status === 200 ? '"cmd"' : at);
  };

  const property = fc.asyncProperty(answers, async (next) => {
    given = next;
    const catalog = await send('/api/models?refresh=1');
    expect(catalog.status).toBe(200);
    check(catalogAnswer.schema, catalog.value);
    for (const { models } of v.parse(catalogAnswer.schema, catalog.value).providers) {
      for (const { id, model } of models) {
        expect(resolveModel(id, registry)).toMatchObject({ ok: true, id, model });
      }
    }
    const config = await send('/api/opencode.json');
    check(opencodeAnswer.schema, config.value);
    const doctor = await send('/api/doctor');
    expect(doctor.status).toBe(200);
    check(doctorAnswer.schema, doctor.value);
    for (const provider of ['a', ...OTHERS.map(([added]) => added)]) {
      await managed(`/api/providers/${provider}/running`, runningAnswer.schema);
    }
    const post = (sent: unknown) => ({ ...put(sent), method: 'POST' });
    await managed('/api/load', loadedAnswer.schema, post({ model: 'a/q' }));
    await managed('/api/unload', unloadedAnswer.schema, post({ model: 'a/q' }));
    await managed('/api/providers/a/unload', unloadedAnswer.schema, post({}));
    for (const line of app.logged) expect(line).not.toContain(TOKEN);
    app.logged.length = 0;
  });
  await fc.assert(property, inputs(60));
});
