// Requests that make each route answer with each documented status and error code.

import { startHost as startSimulated } from '../demo/host-fixture.ts';
import { findDeadPort, hang, startHost, startSsh, whileTesting } from '../hosts.ts';
import { makeApp, makeFolder, type TestApp } from '../make-app.ts';
import { openDatabase, openMigratedDatabase } from '../../src/runtime/database.ts';
import { createMetrics } from '../../src/runtime/telemetry/create-metrics.ts';
import { MAX_FAVORITES } from '../../src/favorites/favorites-store.ts';

/** The expected result of a request: a status, or an error code. */
type Outcome = string;

/** A request, and the app that it is sent to. */
export interface DocumentedRequest {
  readonly outcome: Outcome;
  readonly app: TestApp;
  readonly path: string;
  readonly init: RequestInit;
}

/** Apps in every state that routes report. */
export interface Stage {
  /** With a simulated llama-swap `a`, the same server as `o` of kind openai, and providers that are `dead`, `slow` or not HTTP (`ssh`), some of kind ollama. */
  readonly fleet: TestApp;
  /** Without a provider, and without metrics. */
  readonly bare: TestApp;
  /** Without a default provider. */
  readonly cloud: TestApp;
  /** With an unavailable database. */
  readonly lost: TestApp;
  /** With a full database. */
  readonly full: TestApp;
}

const KEY = 'k3y';
const METRICS_KEY = 'm3trics';
const MAX_BODY_BYTES = 4000;

/** Starts the apps for a test. */
export async function openStage(): Promise<Stage> {
  const dead = await findDeadPort();
  const simulated = await startSimulated({ apiKey: 'h0st' });
  const address = `h0st@127.0.0.1:${simulated.listener.port}`;
  const slow = await whileTesting(startHost({ '/running': hang, '/logs/stream/small': hang }));
  const ssh = await whileTesting(startSsh());
  const PROVIDERS = [
    `a=llama-swap://${address}`,
    `o=openai://${address}`,
    `dead=llama-swap://127.0.0.1:${dead}`,
    `ssh=llama-swap://127.0.0.1:${ssh.port}`,
    `slow=llama-swap://127.0.0.1:${slow.port}?timeout=100`,
    `dead-ollama=ollama://127.0.0.1:${dead}`,
    `ssh-ollama=ollama://127.0.0.1:${ssh.port}`,
  ].join(' ');
  const unavailable = openDatabase({ url: `http://127.0.0.1:${dead}`, authToken: null });
  const full = openMigratedDatabase({ url: `file:${makeFolder()}/full.db`, authToken: null });
  const sql = 'INSERT INTO favorites (id, position, created_at) VALUES (?1, ?2, ?3)';
  const date = new Date(0).toISOString();
  await full.write(
    Array.from({ length: MAX_FAVORITES }, (_, at) => ({ sql, args: [`a/${at}`, at, date] })),
  );
  const settings = { MAX_BODY_BYTES: String(MAX_BODY_BYTES) };
  return {
    fleet: makeApp(
      { ...settings, PROVIDERS, API_KEYS: KEY, METRICS_KEYS: METRICS_KEY },
      { metrics: createMetrics() },
    ),
    bare: makeApp(settings),
    cloud: makeApp({ DEEPSEEK_API_KEY: 'k', DEEPSEEK_BASE_URL: `http://127.0.0.1:${dead}` }),
    lost: makeApp({ PROVIDERS: `a=llama-swap://${address}` }, { database: unavailable }),
    full: makeApp({ PROVIDERS: `a=llama-swap://${address}` }, { database: full }),
  };
}

/** The content of a request. The default model is `a/small`. */
interface Content {
  readonly provider?: string;
  /** The provider's own name for it, or null for a request without a model. */
  readonly model?: string | null;
  /** Two models, an invalid limit and topic, or a body that is not JSON. */
  readonly isMalformed?: boolean;
  readonly isTooLarge?: boolean;
  /** Whether the ID is bare. */
  readonly isBare?: boolean;
}

/** The fields of all inference routes. */
const FIELDS = {
  messages: [{ role: 'user', content: 'Hi' }],
  max_tokens: 3,
  max_output_tokens: 3,
  n_predict: 3,
  input: 'Hi',
  prompt: 'Hi',
  query: 'Hi',
  documents: ['a', 'b'],
  input_prefix: 'a',
  input_suffix: 'b',
  name: 'mine',
  init_images: ['aGk='],
  stream: false,
};
/** The routes of Ollama's API that a model answers. */
const OLLAMA = /^\/api\/(?:chat|generate|embed|embeddings)$/u;
const FORMS = new Set(['/v1/audio/transcriptions', '/v1/images/edits']);

/** Builds a request for a documented route. */
function write(name: string, content: Content = {}): { path: string; init: RequestInit } {
  const [method = '', route = ''] = name.split(' ');
  const { provider = 'a', model = 'small', isBare = false } = content;
  const id = model === null ? null : isBare ? model : `${provider}/${model}`;
  const inPath = encodeURIComponent(id ?? '');
  const path = route
    .replace('{id}', inPath)
    .replace(/\{(?:name|provider)\}/u, provider)
    .replace('{rest}', content.isMalformed === true ? 'small%2f..%2fx' : 'small/health');
  const isLogs = route.endsWith('/logs');
  const query = new URLSearchParams(id === null ? {} : { model: isLogs ? (model ?? '') : id });
  if (content.isMalformed === true) {
    query.append('model', 'another');
    query.append('limit', 'none');
    query.append('topics', 'none');
  }
  const isQuery = isLogs || (method === 'get' && path === route);
  const init = toBody({ method, route, id, model }, content);
  return {
    path: isQuery ? `${path}?${query}` : path,
    init: { method: method.toUpperCase(), ...init },
  };
}

function toBody(
  {
    method,
    route,
    id,
    model,
  }: { method: string; route: string; id: string | null; model: string | null },
  content: Content,
): RequestInit {
  const takesBody = route.startsWith('/upstream/') || /^(?:post|put)$/u.test(method);
  if (!takesBody || route.endsWith('{id}')) return {};
  if (content.isTooLarge === true) {
    const headers = {
      'content-type': 'application/json',
      'content-length': String(MAX_BODY_BYTES + 1),
    };
    return method === 'get' ? { headers } : { headers, body: ' '.repeat(MAX_BODY_BYTES + 1) };
  }
  if (route.startsWith('/upstream/')) return {};
  if (FORMS.has(route) && content.isMalformed !== true) return toForm(id);
  const own = route.includes('{name}') ? { model } : { model: id };
  const named = model === null ? {} : own;
  const isManagement = route.startsWith('/api/') && !OLLAMA.test(route);
  const value =
    route === '/api/favorites' ? { ids: [id] } : isManagement ? named : { ...FIELDS, ...named };
  return {
    headers: { 'content-type': 'application/json' },
    body: content.isMalformed === true ? '{' : JSON.stringify(value),
  };
}

function toForm(id: string | null): RequestInit {
  const part = (head: string, body: string) =>
    `--B\r\ncontent-disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
  const body = [
    ...(id === null ? [] : [part('name="model"', id)]),
    part('name="prompt"', 'Hi'),
    part('name="file"; filename="a.wav"', 'wave'),
    part('name="image"; filename="a.png"', 'picture'),
    '--B--\r\n',
  ].join('');
  const headers = {
    'content-type': 'multipart/form-data; boundary=B',
    'content-length': String(body.length),
  };
  return { headers, body };
}

/** The app and the content of a request for each error code. */
const ERRORS: Readonly<Record<string, readonly [app: keyof Stage, content: Content]>> = {
  invalid_request: ['fleet', { isMalformed: true }],
  invalid_model_id: ['fleet', { model: '\0' }],
  model_required: ['fleet', { model: null }],
  not_found: ['fleet', { model: 'nothing' }],
  unknown_provider: ['cloud', { isBare: true }],
  conflict: ['full', { model: 'other' }],
  unsupported_by_provider: ['fleet', { provider: 'o' }],
  body_too_large: ['fleet', { isTooLarge: true }],
  invalid_response: ['fleet', { provider: 'ssh' }],
  provider_unreachable: ['fleet', { provider: 'dead' }],
  provider_timeout: ['fleet', { provider: 'slow' }],
  // makeApp's apps have no WebSockets.
  unsupported_by_runtime: ['fleet', {}],
  no_providers: ['bare', {}],
  database_unavailable: ['lost', {}],
};

const BARE: (typeof ERRORS)[string] = ['bare', {}];

/** The request that a route answers with an error, or null when there is none. */
export function writeFailing(name: string, stage: Stage, code: Outcome): DocumentedRequest | null {
  if (code === 'unauthorized') return { outcome: code, app: stage.fleet, ...write(name) };
  if (code === 'forbidden_key') {
    return withKey({ outcome: code, app: stage.fleet, ...write(name) }, METRICS_KEY);
  }
  const failing = ERRORS[code];
  if (failing === undefined) return null;
  const [app, content] = name === 'get /metrics' && code === 'not_found' ? BARE : failing;
  // Only a provider with Ollama's API is asked.
  const isAsked = name !== 'post /api/show' || content.provider === undefined;
  const asked = isAsked ? content : { ...content, provider: `${content.provider}-ollama` };
  const byName = /\{(?:name|provider)\}/u.test(name) && code === 'unknown_provider';
  const { path, init } = write(name, byName ? { provider: 'missing' } : asked);
  const request = { outcome: code, app: stage[byName ? 'fleet' : app], path, init };
  if (code === 'unsupported_by_runtime') {
    return withKey({ ...request, init: { headers: { upgrade: 'websocket' } } });
  }
  if (name === 'get /api/resolve' && code === 'model_required') {
    return withKey({ ...request, path: '/api/resolve?role=task' });
  }
  return withKey(request);
}

/** The requests that a route answers without an error. */
export async function* writeSuccessful(
  name: string,
  { fleet }: Stage,
): AsyncGenerator<DocumentedRequest> {
  const usual = withKey({ outcome: '200', app: fleet, ...write(name) });
  if (name === 'delete /api/favorites/{id}') return yield { ...usual, outcome: '204' };
  if (name === 'put /api/favorites') {
    const { path, init } = withKey({ ...usual, ...write('put /api/favorites/{id}') });
    await fleet.ask(path, init);
  }
  if (name === 'put /api/favorites/{id}') {
    await fleet.ask(usual.path, { ...usual.init, method: 'DELETE' });
    yield { ...usual, outcome: '201' };
  }
  yield usual;
  const etag = (await fleet.ask(usual.path, usual.init)).headers.get('etag');
  if (etag === null || usual.init.method !== 'GET') return;
  yield withKey({
    ...usual,
    outcome: '304',
    init: { ...usual.init, headers: { 'if-none-match': etag } },
  });
}

function withKey(request: DocumentedRequest, key = KEY): DocumentedRequest {
  const headers = { ...(request.init.headers as Record<string, string>), 'x-api-key': key };
  return { ...request, init: { ...request.init, headers } };
}
