import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUN, makeRuntime, NODE, type Instance, type Runtime } from '../runtimes/runtimes.ts';
import { jsonAnswer, sendRaw, startRawHost, writeRequest, type RawHost } from './raw-host.ts';

const CHAT = 'POST /v1/chat/completions';
const chat = (model: string, headers: string[] = []) =>
  writeRequest(CHAT, { headers, body: JSON.stringify({ model }) });

/** Attempts to send a request to `elsewhere`, an address that is not in the settings. */
const ATTEMPTS: readonly [what: string, write: (elsewhere: string) => string][] = [
  ...['GET /v1/models', 'GET /props?model=a/m', 'GET /upstream/a/m/x'].map(
    (line): (typeof ATTEMPTS)[number] => [
      `the absolute form of ${line}`,
      (to) => writeRequest(line.replace(' ', ` http://${to}`)),
    ],
  ),
  ['the absolute form of chat', (to) => chat('a/m').replace('POST ', `POST http://${to}`)],
  ['the absolute form with a user', (to) => writeRequest(`GET http://a:b@${to}/upstream/a/m/x`)],
  ['the absolute form of https', (to) => writeRequest(`GET https://${to}/upstream/a/m/x`)],
  ['CONNECT', (to) => writeRequest(`CONNECT ${to}`, { headers: [`host: ${to}`] })],
  ['OPTIONS *', (to) => writeRequest('OPTIONS *', { headers: [`host: ${to}`] })],
  ['an upgrade', (to) => chat('a/m', [`host: ${to}`, 'upgrade: websocket', 'connection: upgrade'])],
  ...[
    ...['//T', '//T/v1/models', '///T', '/\\T', '/\\\\T/v1/models', '/%2f%2fT/x', '/%5c%5cT/x'],
    ...['/..//T', '/%2e%2e//T/x', '/http://T/', '/http:%2f%2fT/', '/@T/', '/.@T/x', '/:80@T/x'],
  ].map((path): (typeof ATTEMPTS)[number] => [
    `the path ${path}`,
    (to) => writeRequest(`GET ${path.replace('T', to)}`),
  ]),
  ...[
    ...['//T/x', '/a//T/x', '/a/http://T/x', '/a/http:%2f%2fT/x', '/a/%2f%2fT/x', '/a/\\\\T/x'],
    ...['/a/%5c%5cT/x', '/a@T/x', '/a:b@T/x', '/@T/x', '/a%40T/x', '/T/x', '/a/@T/x', '/a%2f@T/x'],
    ...['/a/../../../T/x', '/a/..//T/x', '/a/%2e%2e/%2e%2e//T/x', '/a/..%2f..%2f%2fT/x'],
    ...['/a/..%5c..%5c\\T/x', '/a%2f..%2f..%2f/T', '/../upstream/T/x', '/b/../../../T/x'],
    ...['/b/%2e%2e/%2E./x', '/b/..%2f..%2fx', '/b/..%5c..%5cx', '/b%2f../../x', '/b/m/..;/..;/x'],
    ...['/a%2f../unload', '/b%2f../x', '/b%2F%2e%2e%2Fx', '/b%2f..', '/b/m%2f..%2f..%2f..'],
    ...['/[::1%25lo]:80/x', '/a/[::1%25lo]/x', '/a/x%0d%0ahost:%20T%0d%0a%0d%0a', '/a/x%00@T/'],
    ...[
      '/a/x%20HTTP/1.1%0d%0ahost:T',
      '/a/#@T/',
      '/a/%23@T/',
      '/a/?@T/',
      '/a/m?http://T/',
      '/a/.T',
    ],
    ...['.T/a/x', '%2fa/T/x', '/a;@T/x', '/a%00T/x', '/a%0d%0aT/x', '/%61/x', '/ａ/T'],
  ].map((path): (typeof ATTEMPTS)[number] => [
    `the path /upstream${path}`,
    (to) => writeRequest(`GET /upstream${Buffer.from(path.replace('T', to)).toString('latin1')}`),
  ]),
  ...[
    ...['http://T/m', '//T/m', 'T/m', '@T/m', 'a/@T/m', 'a/../..//T', 'a//T/m', 'a@T/m', 'a:b@T/m'],
    ...[
      'a/m\r\nhost: T\r\n\r\n',
      'a/m\0@T',
      '[::1%25lo]:80/m',
      'a/\\\\T',
      '../T',
      'a/http://T',
      'any/T',
    ],
  ].flatMap((model): (typeof ATTEMPTS)[number][] => {
    const quoted = JSON.stringify(model);
    const at = (to: string) => model.replace('T', to);
    const query = (to: string) => `model=${encodeURIComponent(at(to))}`;
    const post = (line: string) => (to: string) =>
      writeRequest(line, { body: JSON.stringify({ model: at(to) }) });
    return [
      [`the model ${quoted} of a chat`, (to) => chat(at(to))],
      [`the model ${quoted} of a message`, post('POST /v1/messages')],
      [`the model ${quoted} of /props`, (to) => writeRequest(`GET /props?${query(to)}`)],
      [
        `the model ${quoted} that is resolved`,
        (to) => writeRequest(`GET /api/resolve?${query(to)}`),
      ],
      [`the model ${quoted} that is unloaded`, post('POST /api/unload')],
      [`the model ${quoted} that is unloaded at a`, post('POST /api/providers/a/unload')],
      [
        `the model ${quoted} as a favorite`,
        (to) => writeRequest(`PUT /api/favorites/${encodeURIComponent(at(to))}`),
      ],
    ];
  }),
  ...['T', 'http:%2f%2fT', 'a@T', 'a%40T', '..%2fT', '%2e%2e%2fT', 'a%2f..%2fT', '@T'].map(
    (name): (typeof ATTEMPTS)[number] => [
      `the provider ${name}`,
      (to) => writeRequest(`GET /api/providers/${name.replace('T', to)}/running`),
    ],
  ),
  [
    'a raw line break in a path',
    (to) => writeRequest(`GET /upstream/a/x\r\nhost: ${to}\r\n\r\nGET /`),
  ],
  ['a bare line feed in a path', (to) => writeRequest(`GET /upstream/a/x\nhost: ${to}\n\nGET /`)],
  [
    'a query of addresses',
    (to) => writeRequest(`GET /props?model=a/m&url=http://${to}/&host=${to}`),
  ],
  ...[
    ...['host: T', 'host: a@T', 'host: T/x', 'host: T#', 'host: T?', 'host: T\\', 'host:'],
    ...['x-forwarded-host: T', 'x-forwarded-server: T', 'forwarded: host=T;proto=http'],
    ...['x-original-url: http://T/', 'x-rewrite-url: //T/', 'x-host: T', 'x-http-host-override: T'],
    ...[
      'x-forwarded-for: T',
      'x-real-ip: T',
      'referer: http://T/',
      'via: 1.1 T',
      'proxy: http://T',
    ],
    ...['x-forwarded-proto: http://T', 'x-forwarded-port: 1@T', 'x-forwarded-prefix: //T/'],
    ...['expect: 100-continue', 'transfer-encoding: identity', 'connection: host, authorization'],
  ].flatMap((header): (typeof ATTEMPTS)[number][] => [
    [`the header ${header}, with a chat`, (to) => chat('a/m', [header.replace('T', to)])],
    [
      `the header ${header}, with a path`,
      (to) => writeRequest('GET /upstream/a/m/x', { headers: [header.replace('T', to)] }),
    ],
  ]),
  [
    'a second request in the body of a first',
    (to) =>
      chat('a/m', ['transfer-encoding: chunked', `x-to: ${to}`]) + writeRequest(`GET //${to}/`),
  ],
];

const STATUSES = ['301', '302', '303', '307', '308'];
const FORMS = [
  'http://T/x',
  '//T/x',
  'http:\\\\T\\x',
  'http://a@T/',
  '/\\T/x',
  '/upstream//T/',
  'T',
];

/** Requests that Paddock answers with a request of its own, or passes on. */
const CALLS = [
  'GET /api/models?refresh=1',
  'GET /api/doctor',
  'GET /api/providers/a/running',
  'POST /api/providers/a/unload',
  'GET /upstream/a/m',
  'GET /props?model=a/m',
  CHAT,
];

describe.each([
  ['Node', NODE],
  ['Bun', BUN],
])('Paddock on %s sends no request to an address that is not in its settings', (_name, server) => {
  let host: RawHost;
  let elsewhere: RawHost;
  let runtime: Runtime;
  let paddock: Instance;
  const to = () => `127.0.0.1:${elsewhere.port}`;
  beforeAll(async () => {
    [host, elsewhere] = await Promise.all([startRawHost(), startRawHost()]);
    runtime = makeRuntime(server);
    const at = `127.0.0.1:${host.port}`;
    paddock = await runtime.start({
      PROVIDERS: `a=llama-swap://k@${at}?timeout=1000 b=llama-swap://${at}/base?timeout=1000`,
      ALLOWED_HOSTS: '*',
    });
  }, 60_000);
  afterAll(async () => {
    await paddock?.kill();
    await runtime?.close();
    await Promise.all([host?.close(), elsewhere?.close()]);
  });
  beforeEach(() => {
    host.received.length = 0;
    host.reply((socket) => void socket.write(jsonAnswer({ running: [], data: [] })));
  });

  /** Checks that no other server got a request, and that the provider got it below its own address. */
  function checkHosts(): void {
    expect(elsewhere.connections()).toBe(0);
    for (const request of host.received) {
      const [line = '', ...lines] = request
        .slice(0, request.indexOf('\r\n\r\n'))
        .split(/\r\n|\r|\n/u);
      const hosts = lines.filter((header) => /^host:/iu.test(header));
      expect(hosts.map((header) => header.slice(5).trim())).toEqual([`127.0.0.1:${host.port}`]);
      expect(line).toMatch(/^[A-Z]+ \/\S* HTTP\/1\.1$/u);
      const { host: target, pathname } = new URL(line.split(' ')[1] ?? '', `http://host`);
      // A path that starts with two slashes is still a path of the provider.
      if (!line.includes(' //')) expect(target).toBe('host');
      // The decoded path, too, stays below the provider's base and the route.
      const decoded = new URL(
        pathname.replaceAll(/%2f|%5c/giu, '/').replaceAll(/%2e/giu, '.'),
        'http://host',
      ).pathname;
      const toStart = (path: string) => /^(?:\/base)?\/[^/?]*/u.exec(path)?.[0];
      expect(toStart(decoded)).toBe(toStart(line.split(' ')[1] ?? ''));
    }
  }

  it.each(ATTEMPTS)('for %s', async (_what, write) => {
    await sendRaw(paddock.url, write(to()));
    checkHosts();
  });

  it.each(CALLS)('for a redirect that answers %s', async (line) => {
    for (const status of STATUSES) {
      for (const form of FORMS) {
        const location = form.replace('T', to());
        host.reply((socket) => {
          const extra = `location: ${location}\r\nrefresh: 0;url=${location}\r\nalt-svc: h2="${to()}"`;
          socket.write(
            `HTTP/1.1 103 Early Hints\r\nlink: <http://${to()}/>; rel=preload\r\n\r\n` +
              `HTTP/1.1 ${status} Elsewhere\r\n${extra}\r\ncontent-length: 0\r\n\r\n`,
          );
        });
        const body = line.startsWith('POST') && line !== CHAT ? '{}' : '{"model":"a/m"}';
        await sendRaw(paddock.url, writeRequest(line, line.startsWith('POST') ? { body } : {}));
        checkHosts();
      }
    }
    expect(host.received.length).toBeGreaterThanOrEqual(STATUSES.length * FORMS.length);
  });
});
