import { expect, it } from 'vitest';
import { messageOf, type ErrorCode } from '../../src/errors.ts';
import { MAX_FAVORITES } from '../../src/favorites/favorites-store.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { findDeadPort, hang, startHost, startModels, text, whileTesting } from '../hosts.ts';
import { makeApp, makeFolder } from '../make-app.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const CHAT = JSON.stringify({ model: 'sam-desktop/m', messages: [] });

/** An app with the provider name of the examples. */
function open(port: number, { query = '', ...settings }: Record<string, string> = {}) {
  return makeApp({
    PROVIDERS: `sam-desktop=llama-swap://s3cret@127.0.0.1:${port}${query}`,
    ...settings,
  });
}

async function openFull() {
  const database = openMigratedDatabase({ url: `file:${makeFolder()}/full.db`, authToken: null });
  const sql = "INSERT INTO favorites (id, position, created_at) VALUES (?1, ?2, '')";
  await database.write(
    Array.from({ length: MAX_FAVORITES }, (_, at) => ({ sql, args: [`sam-desktop/${at}`, at] })),
  );
  return makeApp({ PROVIDERS: 'sam-desktop=llama-swap://127.0.0.1:9' }, { database });
}

/** An app whose rate limit was reached 40 seconds ago. */
async function openLimited() {
  let now = 0;
  const app = makeApp(
    { PROVIDERS: 'sam-desktop=llama-swap://127.0.0.1:9', RATE_LIMIT: '600' },
    { clock: { monotonic: () => now } },
  );
  for (let count = 0; count < 600; count += 1) await app.ask('/api/roles');
  now = 40_000;
  return app;
}

const hanging = () => whileTesting(startHost({ '/running': hang, '/v1/chat/completions': hang }));
const locked = () => whileTesting(startHost({ '/running': text('no', 'text/plain', 401) }));
const listing = () => whileTesting(startModels(['m']));

type App = ReturnType<typeof makeApp>;
type Case = [code: ErrorCode, app: () => App | Promise<App>, path: string, init?: RequestInit];

const CASES: Case[] = [
  [
    'invalid_request',
    () => open(9),
    '/v1/chat/completions',
    { method: 'POST', body: '[]', headers: JSON_TYPE },
  ],
  ['invalid_model_id', () => open(9), `/api/resolve?model=${'m'.repeat(513)}`],
  ['unauthorized', () => open(9, { API_KEYS: 's3cret' }), '/api/roles'],
  ['forbidden_host', () => open(9), '/api/roles', { headers: { host: 'paddock.example' } }],
  [
    'forbidden_origin',
    () => open(9),
    '/api/unload',
    { method: 'POST', headers: { origin: 'https://chat.example' } },
  ],
  ['not_found', async () => open((await listing()).port), '/v1/models/sam-desktop/nothing'],
  ['method_not_allowed', () => open(9), '/api/models', { method: 'POST' }],
  ['conflict', openFull, '/api/favorites/another', { method: 'PUT' }],
  [
    'unsupported_by_provider',
    () => open(9, { DEEPSEEK_API_KEY: 's3cret' }),
    '/api/providers/deepseek/running',
  ],
  [
    'body_too_large',
    () => open(9),
    '/v1/chat/completions',
    { method: 'POST', headers: { ...JSON_TYPE, 'content-length': String(2 ** 26 + 1) } },
  ],
  ['uri_too_long', () => open(9), `/api/resolve?model=${'m'.repeat(8192)}`],
  ['rate_limit_exceeded', openLimited, '/api/roles'],
  [
    'invalid_response',
    async () => open((await locked()).port),
    '/api/providers/sam-desktop/running',
  ],
  [
    'provider_unreachable',
    async () => open(await findDeadPort()),
    '/api/providers/sam-desktop/running',
  ],
  [
    'provider_timeout',
    async () => open((await hanging()).port, { query: '?timeout=50' }),
    '/api/providers/sam-desktop/running',
  ],
  [
    'upstream_timeout',
    async () => open((await hanging()).port, { FIRST_BYTE_TIMEOUT_MS: '50' }),
    '/v1/chat/completions',
    { method: 'POST', body: CHAT, headers: JSON_TYPE },
  ],
];

it.each(CASES)(
  'the example of %s is a message that Paddock sends',
  async (code, openApp, path, init) => {
    const { error } = await (await openApp()).read(path, init);
    const example = messageOf(code).replace(/(?:2000|600000) ms/u, '50 ms');
    expect([error.code, error.message]).toEqual([code, example]);
  },
);
