import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUN, makeRuntime, NODE, type Instance, type Runtime } from '../runtimes/runtimes.ts';
import { jsonAnswer, sendRaw, startRawHost, writeRequest, type RawHost } from './raw-host.ts';

/** The line that an injection would add. */
const INJECTED = 'zq-injected: 1';

/** Characters that end a line in a terminal, a program or a protocol, or move a terminal's cursor to its start. */
const BREAKS: readonly [name: string, text: string][] = [
  ['CRLF', '\r\n'],
  ['LF', '\n'],
  ['CR', '\r'],
  ['NEL', '\u0085'],
  ['LINE SEPARATOR', '\u2028'],
  ['PARAGRAPH SEPARATOR', '\u2029'],
  ['an escape sequence', '\u001b[2K\u001b[1G'],
  ['a control sequence of one byte', '\u009b2K\u009b1G'],
  ['NUL', '\0'],
  ['an obsolete fold', '\r\n '],
];

/** Every place where a client can put text. */
function writeRequests(text: string): string[] {
  const inPath = encodeURIComponent(text);
  const post = (line: string, body: unknown) =>
    writeRequest(line, { body: typeof body === 'string' ? body : JSON.stringify(body) });
  // A raw line break of the client legitimately starts its next header.
  const raw = /[\r\n]/u.test(text) ? [] : [Buffer.from(text).toString('latin1')];
  const form = `--B\r\ncontent-disposition: form-data; name="model"\r\n\r\n${text}\r\n--B--\r\n`;
  const paths = [
    ...['/', '/docs/', '/console/', '/v1/models/', '/v1/models/a/', '/upstream/', '/upstream/a/'],
    ...[
      '/api/favorites/',
      '/api/providers/',
      '/v1/messages/',
      '/api/resolve?model=',
      '/props?model=',
    ],
    ...['/api/resolve?role=', '/upstream/sick/', '/upstream/dead/', '/props?model=dead/'],
  ];
  return [
    ...paths.map((path) => writeRequest(`GET ${path}${inPath}`)),
    ...raw.flatMap((bytes) => paths.map((path) => writeRequest(`GET ${path}${bytes}`))),
    writeRequest(`GET /api/providers/${inPath}/running`),
    writeRequest(`PUT /api/favorites/${inPath}`),
    writeRequest(`DELETE /api/favorites/a/${inPath}`),
    ...raw.map((bytes) => writeRequest(`${bytes} /`)),
    ...['a', 'sick', 'dead', 'o', 'missing'].flatMap((provider) => [
      post('POST /v1/chat/completions', { model: `${provider}/m${text}` }),
      post('POST /v1/messages', { model: `${provider}/m${text}` }),
      post('POST /api/load', { model: `${provider}/m${text}` }),
      post('POST /api/unload', { model: `${provider}/m${text}` }),
      post(`POST /api/providers/${provider}/unload`, { model: `m${text}` }),
      post('PUT /api/favorites', { ids: [`${provider}/m${text}`] }),
    ]),
    post('POST /api/unload', { [text]: 1 }),
    post('POST /v1/chat/completions', `{"model":"a/m",${text}`),
    writeRequest('POST /v1/audio/transcriptions', {
      headers: [
        'content-type: multipart/form-data; boundary=B',
        `content-length: ${Buffer.byteLength(form)}`,
      ],
      body: form,
    }).replace('content-type: application/json\r\n', ''),
    ...raw.flatMap((bytes) =>
      ['x-request-id', 'traceparent', 'user-agent', 'host'].flatMap((name) => [
        writeRequest('GET /nowhere', { headers: [`${name}: a${bytes}`] }),
        writeRequest('GET /props?model=sick/m', { headers: [`${name}: a${bytes}`] }),
      ]),
    ),
  ];
}

/** Every place where an upstream can put text. */
function writeAnswers(text: string): string[] {
  const bytes = Buffer.from(text).toString('latin1');
  const record = {
    id: `m${text}`,
    name: text,
    description: text,
    meta: { llamaswap: { aliases: [text] } },
  };
  const answer = (value: unknown, head?: string) =>
    Buffer.from(jsonAnswer(value, head)).toString('latin1');
  return [
    answer({
      data: [record, { id: 'm', name: text }],
      running: [
        { model: `m${text}`, state: text, name: text },
        { model: 'm', state: 'ready' },
      ],
      version: text,
    }),
    answer({ error: { message: text, code: text } }, 'HTTP/1.1 500 No'),
    answer({ error: text }, 'HTTP/1.1 404 No'),
    answer(text, 'HTTP/1.1 409 No'),
    answer({ data: [] }, `HTTP/1.1 200 ${bytes}`),
    answer({ data: [] }, `HTTP/1.1 200 OK\r\nx-host: a${bytes}`),
    answer(
      { data: [] },
      `HTTP/1.1 500 No\r\nlocation: /upstream/m${bytes}\r\nretry-after: 1${bytes}`,
    ),
    answer({ data: [] }, `HTTP/1.1 302 No\r\nlocation: /upstream/m${bytes}`),
    `HTTP/1.1 200 OK\r\n${bytes}: a\r\ncontent-length: 0\r\n\r\n`,
    `${bytes}\r\n\r\n`,
  ];
}

const CALLS = [
  'GET /api/models?refresh=1',
  'GET /v1/models?refresh=1',
  'GET /api/doctor',
  'GET /api/opencode.json',
  'GET /api/providers/a/running',
  'GET /upstream/a/m/x',
  'GET /props?model=a/m',
];

/** The names of all headers of an answer. */
function readNames(answer: string): string[] {
  const [, ...lines] = answer.slice(0, answer.indexOf('\r\n\r\n')).split(/\r\n|\r|\n/u);
  return lines.map((line) => line.slice(0, line.indexOf(':')).trim().toLowerCase());
}

describe.each([
  ['Node', NODE],
  ['Bun', BUN],
])('on %s no text in a name, a header or an error', (_name, server) => {
  let host: RawHost;
  let sick: RawHost;
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    [host, sick] = await Promise.all([startRawHost(), startRawHost()]);
    runtime = makeRuntime(server);
    const at = `127.0.0.1:${host.port}`;
    paddock = await runtime.start({
      PROVIDERS: `a=llama-swap://${at} o=openai://${at} sick=llama-swap://127.0.0.1:${sick.port} dead=llama-swap://127.0.0.1:1`,
      PROBE_TIMEOUT_MS: '1000',
      ALLOWED_HOSTS: '*',
      LOG_LEVEL: 'debug',
    });
  }, 60_000);
  afterAll(async () => {
    await paddock?.kill();
    await runtime?.close();
    await Promise.all([host?.close(), sick?.close()]);
  });

  it.each(BREAKS)('becomes a header after %s', async (_break, text) => {
    const injected = `${text}${INJECTED}`;
    host.received.length = 0;
    sick.received.length = 0;
    host.reply((socket) => void socket.write(jsonAnswer({ data: [], running: [] })));
    for (const request of writeRequests(injected)) {
      expect(readNames(await sendRaw(paddock.url, request))).not.toContain('zq-injected');
    }
    for (const answer of writeAnswers(injected)) {
      host.reply((socket) => {
        // A raw line break of the upstream legitimately starts its next header.
        const lines = answer.slice(0, answer.indexOf('\r\n\r\n')).split(/\r?\n/u);
        if (lines.some((line) => line.startsWith('zq-injected'))) socket.destroy();
        else socket.end(answer, 'latin1');
      });
      for (const call of CALLS) {
        expect(readNames(await sendRaw(paddock.url, writeRequest(call)))).not.toContain(
          'zq-injected',
        );
      }
      const body = JSON.stringify({ model: `a/m` });
      for (const path of ['/v1/chat/completions', '/api/unload']) {
        const answered = await sendRaw(paddock.url, writeRequest(`POST ${path}`, { body }));
        expect(readNames(answered)).not.toContain('zq-injected');
      }
    }
    for (const request of [...host.received, ...sick.received]) {
      expect(readNames(request)).not.toContain('zq-injected');
    }
  });

  it('starts a line of the log', async () => {
    await paddock.stop();
    expect(paddock.output()).toContain('\n');
    for (const [name, text] of BREAKS) {
      expect([name, paddock.output()]).toEqual([
        name,
        expect.not.stringContaining(`${text}${INJECTED}`),
      ]);
    }
    expect(paddock.output()).not.toContain('\u001b[2K');
    expect(paddock.output()).not.toMatch(/^\s*zq-injected/mu);
  });
});
