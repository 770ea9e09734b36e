import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUN, makeRuntime, NODE, type Instance, type Runtime } from '../runtimes/runtimes.ts';
import {
  jsonAnswer,
  sendRaw,
  startRawHost,
  writeRequest,
  type RawHost,
  type RawReply,
} from './raw-host.ts';

/** Secrets that appear nowhere else by chance. */
const KEYS = {
  a: 'zqA-key-of-a-4fd1',
  b: 'zqB-key-of-b-77c0',
  cloud: 'zqC-key-of-cloud-91aa',
  database: 'zqD-token-of-database-33be',
};
const NAMES = Object.keys(KEYS) as (keyof typeof KEYS)[];
const CLIENT = 'zqE-key-of-client-d00f';
const ADMIN = 'zqJ-key-of-admin/+=-2b2b';
const METRICS = 'zqK-key-of-metrics-3c3c';
const WRONG = 'zqF-key-that-is-wrong-8a8a';
/** In a query, which is passed on unchanged and never logged. */
const QUERY_KEY = 'zqI-key-in-a-query-e1e1';
const PROMPT = 'zqG-what-was-asked-5150';
const ANSWER = 'zqH-what-was-answered-6262';

const ESCAPED = (text: string) => text.replaceAll(/[\r\n]+/gu, ' | ');

/** Every way in which an upstream can fail or echo what it received. */
function toWays(answer: string): [what: string, reply: RawReply][] {
  return [
    ['echoes the request', (socket, sent) => void socket.write(jsonAnswer({ answer, sent }))],
    ...[400, 401, 403, 404, 409, 429, 500, 502, 503].map((status): [string, RawReply] => [
      `refuses with ${status} and echoes the request`,
      (socket, sent) => {
        const error = { message: `${answer} ${sent}`, code: sent, type: sent };
        const head = `HTTP/1.1 ${status} ${ESCAPED(sent)}\r\nx-sent: ${ESCAPED(sent)}`;
        const challenge = `www-authenticate: Basic realm="${ESCAPED(sent)}"`;
        socket.write(
          jsonAnswer({ error }, `${head}\r\n${challenge}\r\nset-cookie: a=${ESCAPED(sent)}`),
        );
      },
    ]),
    [
      'echoes the request as text',
      end((sent) => `HTTP/1.1 500 No\r\nconnection: close\r\n\r\n${answer}${sent}`),
    ],
    [
      'redirects to a URL with the request',
      end(
        (sent) =>
          `HTTP/1.1 307 No\r\nlocation: http://x/${encodeURIComponent(sent)}\r\ncontent-length: 0\r\n\r\n`,
      ),
    ],
    ['does not speak HTTP', end((sent) => answer + sent)],
    [
      'speaks an unknown version of HTTP',
      end((sent) => `HTTP/9.9 999 ${answer}${ESCAPED(sent)}\r\n\r\n${sent}`),
    ],
    [
      'sends an invalid header',
      end((sent) => `HTTP/1.1 200 OK\r\n${answer} ${ESCAPED(sent)}\r\n\r\n`),
    ],
    [
      'sends a header that is too large',
      end((sent) => `HTTP/1.1 200 OK\r\nx: ${ESCAPED(sent).repeat(400)}\r\n\r\n`),
    ],
    [
      'sends two lengths',
      end(
        (sent) =>
          `HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n${answer}${sent}`,
      ),
    ],
    [
      'sends more than its length',
      end((sent) => `HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n${answer}${sent}`),
    ],
    [
      'sends less than its length',
      end((sent) => `HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n${answer}${sent}`),
    ],
    [
      'sends invalid chunks',
      end(
        (sent) =>
          `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcdeZZ${answer}${sent}`,
      ),
    ],
    [
      'claims gzip and is not compressed',
      end(
        (sent) =>
          `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n${answer}${sent}`,
      ),
    ],
    [
      'breaks off a stream',
      end(
        (sent) =>
          `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 99999\r\n\r\ndata: ${answer}${ESCAPED(sent)}\n\n`,
      ),
    ],
    [
      'sends an invalid status',
      end((sent) => `HTTP/1.1 777 ${ESCAPED(sent)}\r\ncontent-length: 0\r\n\r\n`),
    ],
    ['resets the connection', (socket) => void socket.resetAndDestroy()],
    ['closes the connection', (socket) => void socket.destroy()],
  ];
}

/** Writes an answer, and ends the connection. */
function end(write: (sent: string) => string): RawReply {
  return (socket: Socket, sent) => void socket.end(write(sent), 'latin1');
}

const AUTHS = [
  `authorization: Bearer ${CLIENT}`,
  `x-api-key: ${CLIENT}`,
  `authorization: Basic ${Buffer.from(`someone:${CLIENT}`).toString('base64')}`,
];

/** Requests to all routes, with a prompt wherever one is possible. */
function writeRequests(): string[] {
  const content = { messages: [{ role: 'user', content: PROMPT }], prompt: PROMPT, input: PROMPT };
  const form = `--B\r\ncontent-disposition: form-data; name="prompt"\r\n\r\n${PROMPT}\r\n--B\r\ncontent-disposition: form-data; name="model"\r\n\r\na/m\r\n--B--\r\n`;
  const posts = ['/v1/chat/completions', '/v1/messages', '/v1/completions', '/v1/embeddings'];
  const lines: [line: string, body?: unknown][] = [
    ...['a', 'b', 'deepseek', 'missing', 'a/'].flatMap((provider) =>
      posts.map((path): [string, unknown] => [
        `POST ${path}`,
        { model: `${provider}/m`, ...content },
      ]),
    ),
    ['POST /v1/chat/completions', `{"model":"a/m","prompt":"${PROMPT}"`],
    ['POST /v1/chat/completions', `{"model":7,"prompt":"${PROMPT}"}`],
    ['POST /v1/chat/completions', PROMPT],
    ['POST /upstream/a/m/completion', content],
    [`GET /upstream/a/m/completion?prompt=${PROMPT}&key=${QUERY_KEY}`],
    [`GET /props?model=a/m&prompt=${PROMPT}&api_key=${QUERY_KEY}`],
    [`GET /v1/audio/voices?model=b/m&prompt=${PROMPT}`],
    ...[
      ...['/api/models?refresh=1', '/api/providers', '/v1/models', '/v1/models/a/m', '/api/doctor'],
      ...['/api/roles', '/api/resolve?model=a/m', '/api/context?model=a/m', '/api/opencode.json'],
      ...['/api/favorites', '/ready', '/health', '/openapi.json', '/metrics', '/', '/docs', '/no'],
      ...['/api/providers/a/running', '/api/providers/b/running'],
    ].map((path): [string] => [`GET ${path}`]),
    ['POST /api/providers/a/unload', {}],
    ['POST /api/load', { model: 'a/m' }],
    ['POST /api/unload', { model: 'a/m' }],
    ['POST /api/unload', { model: 'a/m', prompt: PROMPT }],
    ['PUT /api/favorites/a/m'],
    ['PUT /api/favorites', { ids: ['a/m'] }],
    ['DELETE /api/favorites/a/m'],
  ];
  const written = lines.map(([line, body], index) => {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const auth = AUTHS[index % AUTHS.length] ?? '';
    return writeRequest(line, {
      headers: [auth, `cookie: key=${CLIENT}`, `api-key: ${CLIENT}`, `x-goog-api-key: ${CLIENT}`],
      body: text,
    });
  });
  const wrong = [`authorization: Bearer ${WRONG}`, `x-api-key: ${WRONG}`].map((auth) =>
    writeRequest('POST /v1/chat/completions', { headers: [auth], body: JSON.stringify(content) }),
  );
  const sent = writeRequest('POST /v1/audio/transcriptions', {
    headers: [AUTHS[0] ?? ''],
    body: form,
  });
  return [
    ...written,
    ...wrong,
    sent.replace('application/json', 'multipart/form-data; boundary=B'),
  ];
}

/** Every secret of the settings in URLs: raw, escaped, and with every byte escaped. */
const WRITTEN = [CLIENT, ADMIN, METRICS, ...Object.values(KEYS)].flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('hex').replaceAll(/../gu, '%$&'),
]);

/** Requests with a secret in a wrong place. */
function writeMisplaced(secret: string): string[] {
  const decoded = decodeURIComponent(secret);
  const paths = [
    ...[`/upstream/a/m/${secret}`, `/upstream/a/${secret}/x`, `/upstream/${secret}/m/x`],
    ...[
      `/upstream/a/m/x?api_key=${secret}`,
      `/upstream/a/m/${secret}?x`,
      `/props?model=a/${secret}`,
    ],
    ...[`/${secret}`, `/api/${secret}`, `/v1/models/${secret}`, `/docs/${secret}`, `//${secret}`],
    ...[
      `/api/providers/${secret}/running`,
      `/api/resolve?role=${secret}`,
      `/api/favorites/${secret}`,
    ],
    // Around the lengths at which logs and errors truncate a path.
    ...[190, 1015, 2040, 8100].map((length) => `/upstream/a/${'x'.repeat(length)}${secret}`),
    ...[190, 1015, 2040, 8100].map((length) => `/${'x'.repeat(length)}${secret}`),
  ];
  const models = [
    decoded,
    `a/${decoded}`,
    `missing/${decoded}`,
    `b/${decoded}`,
    `deepseek/${decoded}`,
  ];
  const key = AUTHS[1] ?? '';
  const write = (line: string, headers: string[] = [], body = '') =>
    writeRequest(line, { headers: [key, ...headers], body });
  const isToken = /^[\w.-]+$/u.test(secret);
  return [
    ...paths.flatMap((path) => [write(`GET ${path}`), write(`DELETE ${path}`)]),
    ...models.flatMap((model) => {
      const body = JSON.stringify({ model });
      return [
        write('POST /v1/chat/completions', [], body),
        write('POST /v1/messages', [], body),
        write('POST /api/unload', [], body),
        write('POST /api/providers/a/unload', [], body),
      ];
    }),
    ...[`x-request-id: ${decoded}`, `origin: https://${decoded}`, `user-agent: ${decoded}`].map(
      (header) => write('POST /v1/embeddings', [header], '{"model":"a/m"}'),
    ),
    write('GET /api/roles', [`tracestate: a=${decoded}`, `traceparent: ${decoded}`]),
    ...(isToken ? [write(`${secret} /api/roles`), write(`POST ${secret}`)] : []),
  ];
}

describe.each([
  ['Node', NODE],
  ['Bun', BUN],
])('on %s', (_name, server) => {
  const hosts = {} as Record<keyof typeof KEYS, RawHost>;
  let runtime: Runtime;
  let paddock: Instance;
  let wrongs = 0;
  beforeAll(async () => {
    for (const name of NAMES) hosts[name] = await startRawHost();
    const at = (name: keyof typeof KEYS) => `127.0.0.1:${hosts[name].port}`;
    runtime = makeRuntime(server);
    paddock = await runtime.start({
      PROVIDERS: `a=llama-swap://${KEYS.a}@${at('a')}?timeout=500 b=openai://${KEYS.b}@${at('b')}?timeout=500`,
      DEEPSEEK_API_KEY: KEYS.cloud,
      DEEPSEEK_BASE_URL: `http://${at('cloud')}`,
      LIBSQL_URL: `http://${at('database')}`,
      LIBSQL_AUTH_TOKEN: KEYS.database,
      API_KEYS: `alice:${CLIENT}`,
      ADMIN_KEYS: ADMIN,
      METRICS_KEYS: METRICS,
      CATALOG_TTL_MS: '0',
      PROBE_TIMEOUT_MS: '500',
      LOG_LEVEL: 'debug',
    });
  }, 60_000);
  afterAll(async () => {
    await paddock?.kill();
    await runtime?.close();
    await Promise.all(Object.values(hosts).map((host) => host.close()));
  });

  // Answers of a provider's management routes and of the database are not a model's answer.
  const others = toWays('not a model answer');
  it.each(toWays(ANSWER).map(([what, reply], at) => [what, reply, others[at]?.[1]] as const))(
    'no key reaches a client or another server, when an upstream %s',
    async (_what, reply, replyOfOthers = reply) => {
      for (const host of Object.values(hosts)) {
        host.received.length = 0;
        host.reply((socket, sent) => {
          const isOfModel =
            !/^\w+ \/(?:v1\/models|running|unload|api|v[23]|upstream\/m\/health)\b/u.test(sent);
          (isOfModel ? reply : replyOfOthers)(socket, sent);
        });
      }
      const answers = await Promise.all(
        writeRequests().map((request) => {
          // Many wrong keys from one address are answered slowly.
          const from = request.includes(WRONG) ? `127.0.1.${(wrongs += 1)}` : '127.0.0.1';
          return sendRaw(paddock.url, request, { silenceMs: 6500, from });
        }),
      );
      for (const answer of answers) {
        for (const key of [CLIENT, WRONG]) expect(answer).not.toContain(key);
        // An upstream's own answer may echo its request to the client.
        const isRelayed = /^x-paddock-provider: /imu.test(answer);
        if (isRelayed && !answer.includes('"src":"paddock"')) continue;
        for (const key of [...Object.values(KEYS), PROMPT, ANSWER]) {
          expect(answer).not.toContain(key);
        }
      }
      for (const name of NAMES) {
        const received = hosts[name].received.join('');
        // Concurrent requests share one query to a slow database.
        if (name !== 'database') expect(received).toContain(KEYS[name]);
        const foreign = NAMES.filter((other) => other !== name).map((other) => KEYS[other]);
        for (const key of [CLIENT, WRONG, ...foreign]) expect(received).not.toContain(key);
      }
    },
  );

  it.each([
    ['echoes the request', WRITTEN],
    // Two keys in every encoding.
    ['breaks off a stream', WRITTEN.slice(0, 6)],
  ])(
    'no misplaced key of a client appears in an error, when an upstream %s',
    async (way, secrets) => {
      const reply = toWays(ANSWER).find(([what]) => what === way)?.[1];
      for (const host of Object.values(hosts)) host.reply(reply ?? (() => {}));
      for (const secret of secrets) {
        const answers = await Promise.all(
          writeMisplaced(secret).map((request) =>
            sendRaw(paddock.url, request, { silenceMs: 6500 }),
          ),
        );
        for (const answer of answers) {
          if (!answer.includes('"src":"paddock"')) continue;
          expect(answer.slice(answer.indexOf('\r\n\r\n'))).not.toContain(
            decodeURIComponent(secret),
          );
          expect(answer.slice(answer.indexOf('\r\n\r\n'))).not.toContain(secret);
        }
      }
    },
    120_000,
  );

  it('the log contains no key, no prompt and no answer', async () => {
    await paddock.stop();
    const log = paddock.output();
    expect(log).toContain('/v1/chat/completions');
    const basic = Buffer.from(`someone:${CLIENT}`).toString('base64');
    // Parts of keys must not appear either.
    const parts = WRITTEN.map((secret) => secret.slice(0, -3));
    for (const text of [...WRITTEN, ...parts, WRONG, QUERY_KEY, PROMPT, ANSWER, basic]) {
      const line = log.split('\n').find((candidate) => candidate.includes(text));
      expect([text, line]).toEqual([text, undefined]);
    }
  });
});
