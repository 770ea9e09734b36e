import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import { startDemoFleet } from '../../demo/fleet.ts';
import { runPaddock } from './paddock-process.ts';
import { closeAtEnd, MODES, openWays, type Ways } from './ways.ts';
import { findDeadPort, json, startHost, text } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { BUN, NODE, ROOT } from '../runtimes/runtimes.ts';

const ESCAPE = '\u{1b}';
const SECRET_OR_ESCAPE = new RegExp(`demo-lab-key|${ESCAPE}`, 'u');
const COMMANDS = [
  ...['serve', 'models', 'ps', 'resolve', 'chat', 'favorites', 'favorites list'],
  ...['favorites add', 'favorites remove', 'unload', 'opencode', 'migrate'],
];
const PROGRAM = join(ROOT, 'dist/cli/paddock.js');
/** A module that writes the processor time of its process to standard error, in milliseconds. */
const REPORT_TIME = `data:text/javascript,process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  process.stderr.write(String((user + system) / 1000));
})`;

describe('help', () => {
  it('is fast, fits a terminal and exits with 0', () => {
    const run = (...args: string[]) => {
      const all = ['--import', REPORT_TIME, ...args];
      const { status, stdout, stderr } = spawnSync(process.execPath, all, {
        env: {},
        encoding: 'utf8',
      });
      expect(status).toBe(0);
      return { ms: Number(stderr), stdout };
    };
    const { stdout } = run(PROGRAM, '--help');
    expect(stdout).toMatch(/^Usage: paddock /u);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    // The best of several runs, because other work slows the processor. Compared with Node's own start.
    const best = { empty: Infinity, help: Infinity };
    const isFast = () => best.help < 150 || best.help - best.empty < 110;
    for (let round = 0; round < 12 && !isFast(); round += 1) {
      best.empty = Math.min(best.empty, run('-e', '').ms);
      best.help = Math.min(best.help, run(PROGRAM, '--help').ms);
    }
    expect(isFast(), JSON.stringify(best)).toBe(true);
  });
});

describe('a wrong command line', () => {
  it.each([
    ['model', /unknown command 'model'\n\(Did you mean models\?\)\nSee: paddock --help/],
    ['unload', /expected an ID or --all <provider>, but received neither/],
    ['models --url localhost:8400', /Expected --url to be http:\/\/host:port/],
    ['models --url http://u:s3cret@h', /Expected --url .*Put its key into PADDOCK_API_KEY/],
    ['serve --port x', /PORT: expected a whole number/],
  ])('paddock %s', async (line, message) => {
    const { code, stdout, stderr } = await runPaddock(line.split(' '));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/s3cret|\n\s+at /);
  });
});

describe('settings with faults', () => {
  const env = { PROVIDERS: 'a=llama-swap://s3cret@h:99999 b', PORT: 'x' };
  const FAULTS = [/PROVIDERS, entry 1 "a": expected/, /PROVIDERS, entry 2: expected/, /PORT: /];

  it.each(COMMANDS)('are all reported by %s', async (name) => {
    const needsId = /add|remove|resolve|unload|chat/.test(name);
    const args = [...name.split(' '), ...(needsId ? ['m'] : []), ...(name === 'chat' ? ['x'] : [])];
    const { code, stdout, stderr } = await runPaddock(args, { env });
    expect([code, stdout]).toEqual([2, '']);
    for (const fault of FAULTS) expect(stderr).toMatch(fault);
    expect(stderr).not.toMatch(/s3cret|\n\s+at /);
  });

  it('are reported by the doctor', async () => {
    const said = await runPaddock(['doctor'], { env });
    expect([said.code, said.stderr]).toEqual([1, '']);
    for (const fault of FAULTS) expect(said.stdout).toMatch(new RegExp(`^✗ ${fault.source}`, 'm'));
    const { stdout, code } = await runPaddock(['doctor', '--json'], { env });
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { ok: false, hosts: [] }]);
    expect(said.stdout + stdout).not.toContain('s3cret');
  });

  it.each([NODE.command, BUN.command])(
    'are reported for an unreadable .env (%#)',
    async (runtime) => {
      const cwd = makeFolder();
      if (runtime === NODE.command) mkdirSync(join(cwd, '.env'));
      else writeFileSync(join(cwd, '.env'), 'PROVIDERS="b"\n');
      const { code, stderr } = await runPaddock(['models'], { cwd, runtime });
      expect(code).toBe(2);
      expect(stderr).toMatch(/\.env: cannot be read|PROVIDERS, entry 1/);
    },
  );
});

describe.each(MODES)('each command %s', (mode) => {
  let ways: Ways;
  beforeAll(async () => {
    const fleet = await closeAtEnd(startDemoFleet());
    const away = `off=llama-swap://127.0.0.1:${await findDeadPort()}`;
    ways = await openWays({ PROVIDERS: `${fleet.providers} ${away}`, TASK_MODEL: 'off/t' });
  });
  const run = (args: string[]) => runPaddock(args, ways[mode]);

  const CASES: [line: string, code: number, stdout: RegExp, stderr: RegExp][] = [
    ['resolve qwen3.6-27b', 0, /^sam-desktop\/qwen3\.6-27b\n.*\navailable +yes/s, /^$/],
    ['models', 0, /^ {3}sam-desktop\/qwen3\.6-27b +ready +65,536 +function_calling$/m, /^$/],
    ['resolve demo', 0, /^sam-desktop\/demo\n.*\navailable +no/s, /^$/],
    ['resolve --role task', 0, /^off\/t\n/, /^$/],
    ['resolve --role arena', 2, /^$/, /set ARENA_MODELS/],
    ['resolve lab-server/', 2, /^$/, /names the provider "lab-server" but no model/],
    ['favorites', 0, /There are no favorites yet. To add one: paddock favorites add/, /^$/],
    ['favorites add gpt-oss-20b', 0, /^sam-desktop\/gpt-oss-20b is favorite 1\.\n$/, /^$/],
    ['favorites add lab-server/serve', 0, /^lab-server\/serve is favorite 2\./, /^$/],
    ['favorites', 0, /^★ +1 +sam-desktop\/gpt-oss-20b\n★ +2 +lab-server\/serve +hidden\n$/, /^$/],
    ['models', 0, /MODEL.*\nFavorites\n★ +sam-desktop\/gpt-oss-20b .*Hidden favorites: 1/s, /^$/],
    [
      'favorites move lab-server/serve first',
      0,
      /^lab-server\/serve is favorite 1 of 2\.\n$/,
      /^$/,
    ],
    ['favorites remove gpt-oss-20b', 0, /^gpt-oss-20b is no longer a favorite\.\n$/, /^$/],
    ['favorites list', 0, /^★ +1 +lab-server\/serve +hidden\n$/, /^$/],
    [
      'ps',
      0,
      /^sam-desktop\/qwen3\.6-27b +ready +65,536\nlab-server.* ready .*\nattic.* ready .*\n\n✗ off could/m,
      /^$/,
    ],
    ['models oss-20b --provider lab-server', 0, /^ {3}lab-server\/gpt-oss-20b +stopped/m, /^$/],
    ['models oss-20b --ready', 1, /^$/, /^No ready model matches "oss-20b"\.$/m],
    ['chat sam-desktop/qwen3.6-27b Say hello.', 0, /^\S.*\n$/s, /^\d+ tokens\/s · first token/],
    ['load gpt-oss-120b', 1, /^$/, /Did you mean lab-server\/gpt-oss-120b\?\n$/],
    ['load qwen3.6-27b', 0, /^sam-desktop\/qwen3\.6-27b is ready after \S+ m?s\.\n$/, /^$/],
    ['logs sam-desktop qwen3.6-27b', 0, /request: POST \/v1\/chat\/completions/, /^$/],
    ['logs off', 3, /^$/, /^off .*: check that its server is running/],
    ['unload lab-server/gpt-oss-120b', 0, /^Unloaded: lab-server\/gpt-oss-120b\.\n$/, /^$/],
    ['unload lab-server/gpt-oss-120b', 0, /^lab-server\/gpt-oss-120b was not loaded\.\n$/, /^$/],
    ['unload --all lab-server', 0, /^No model of lab-server was loaded\.\n$/, /^$/],
    ['unload lab-server/nix', 1, /^$/, /lab-server has no model "nix"/],
    ['unload --all nix', 2, /^$/, /No provider has this name/],
    ['unload off/m', 3, /^$/, /^off .*: check that its server is running/],
    [
      'opencode',
      0,
      /^\{\n {2}"\$schema".*sam-desktop/s,
      /^The models of off \(offline\) are missing/,
    ],
    ['doctor', 1, /^off +llama-swap +offline\n.*✗ off could not be reached.*1 fault/ms, /^$/],
  ];

  // In this order: some change what later ones print.
  it.each(CASES)('prints what it did: %s', async (line, code, stdout, stderr) => {
    const ended = await run(line.split(' '));
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([
      code,
      expect.stringMatching(stdout),
      expect.stringMatching(stderr),
    ]);
    expect(ended.stdout + ended.stderr).not.toMatch(SECRET_OR_ESCAPE);
  });

  it.each([
    ['models', { favorites: expect.any(Array), providers: [{}, {}, {}, { status: 'offline' }] }],
    ['resolve gpt-oss-20b', { id: 'sam-desktop/gpt-oss-20b', available: true }],
    ['favorites add gpt-oss-20b', { id: 'sam-desktop/gpt-oss-20b' }],
    ['favorites', expect.arrayContaining([expect.objectContaining({ available: true })])],
    ['favorites remove gpt-oss-20b', { removed: 'gpt-oss-20b' }],
    ['unload --all lab-server', { provider: 'lab-server', model: null }],
    [
      'ps',
      {
        running: [{ state: 'ready' }, { id: 'attic/qwen3-4b' }],
        unknown: [{ provider: 'off' }],
        unreported: [],
      },
    ],
    ['chat qwen3.6-27b Hello', { provider: 'sam-desktop', finish: 'stop' }],
    ['opencode', { provider: { paddock: {} } }],
    ['opencode --into x.json', { file: 'x.json', changes: expect.any(Array), hints: [] }],
    ['doctor', { ok: false, hosts: [{ release: '251' }, {}, {}, {}] }],
  ])('prints one line of JSON: %s', async (line, value) => {
    const { stdout } = await run([...line.split(' '), '--json']);
    expect(stdout).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(stdout)).toMatchObject(value);
  });

  // Both modes merge with the same code.
  if (mode === 'with settings') return;

  it('merges into a file once and points out old entries', async () => {
    const folder = makeFolder();
    const file = join(folder, 'real.json');
    const link = join(folder, 'link.json');
    writeFileSync(file, '{"theme":"a", /* mine */ "model":"llama-swap/qwen3.6-27b",}');
    chmodSync(file, 0o640);
    symlinkSync('real.json', link);
    const hint = `${link}: "model" is llama-swap/qwen3.6-27b: in Paddock it is paddock/sam-desktop/qwen3.6-27b`;
    const first = await run(['opencode', '--into', link]);
    expect([first.code, first.stdout.split('\n')]).toEqual([
      0,
      expect.arrayContaining([expect.stringContaining('added provider'), hint]),
    ]);
    const merged = readFileSync(file, 'utf8');
    expect(merged).toContain('"theme":"a", /* mine */ "model":"llama-swap/qwen3.6-27b",');
    expect(parse(merged)).toMatchObject({
      theme: 'a',
      model: 'llama-swap/qwen3.6-27b',
      provider: { paddock: { models: { 'lab-server/gpt-oss-120b': {} } } },
    });
    const { ino } = statSync(file);
    const second = await run(['opencode', '--into', link]);
    expect(second.stdout).toBe(`${link}: nothing to change\n${hint}\n`);
    expect([readFileSync(file, 'utf8'), statSync(file).ino]).toEqual([merged, ino]);
    expect([lstatSync(link).isSymbolicLink(), statSync(file).mode & 0o777]).toEqual([true, 0o640]);
    expect(readdirSync(folder).toSorted()).toEqual(['link.json', 'real.json']);
  });

  it('names a model that chats in a new file', async () => {
    const file = join(makeFolder(), 'new.json');
    const { code, stdout } = await run(['opencode', '--into', file]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`${file}: added model\n`)]);
    expect(readFileSync(file, 'utf8')).not.toMatch(/whisper|embedding|reranker|flux/u);
    expect(parse(readFileSync(file, 'utf8')).model).toBe('paddock/sam-desktop/qwen3.6-27b');
  });

  it('does not change a file that it cannot merge into', async () => {
    const folder = makeFolder();
    const file = join(folder, 'x.json');
    writeFileSync(file, '{ // mine\n');
    const refused = await run(['opencode', '--into', file]);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/x\.json: .*close brace expected at line 2.*left untouched/);
    expect(readFileSync(file, 'utf8')).toBe('{ // mine\n');
    const within = await run(['opencode', '--into', join(file, 'y.json')]);
    expect([within.code, within.stderr]).toEqual([1, expect.stringContaining('(ENOTDIR)')]);
    expect((await run(['opencode', '--into', folder])).stderr).toContain('(it is not a file)');
    expect(readdirSync(folder)).toEqual(['x.json']);
  });
});

describe('a running Paddock', () => {
  const ask = (url: string, more: object = {}) => runPaddock(['models', '--url', url], more);
  const serve = async (answer: Parameters<typeof startHost>[0][string]) =>
    `http://127.0.0.1:${(await closeAtEnd(startHost({ '/api/models': answer }))).port}`;

  it.each([
    [
      'no server',
      async () => `http://127.0.0.1:${await findDeadPort()}`,
      3,
      /^No Paddock answers at .*\(ECONNREFUSED\): start it there, or correct --url\.$/m,
    ],
    [
      'a web page',
      () => serve(text('<h1>NAS</h1>')),
      3,
      /is not Paddock, .*\(HTTP 200\): correct --url\.$/m,
    ],
    ['a proxy', () => serve(text('<h1>Bad gateway</h1>', 'text/html', 502)), 3, /\(HTTP 502\)/],
    [
      'another program’s error',
      () => serve(json({ detail: 'no' }, 401)),
      3,
      /answered HTTP 401 in another format than Paddock/,
    ],
    [
      'another program’s JSON',
      () => serve(json({ data: [] })),
      1,
      /^Unexpected error in paddock .* check that a Paddock of this release/,
    ],
  ] as const)('reports %s as another fault', async (_what, open, code, message) => {
    const ended = await ask(await open());
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([
      code,
      '',
      expect.stringMatching(message),
    ]);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });

  it.each([NODE.command, BUN.command])(
    'is found by PADDOCK_URL in .env and gets the key (%#)',
    async (runtime) => {
      const keys: unknown[] = [];
      const url = await serve((request, response) => {
        keys.push(request.headers.authorization);
        json({ favorites: [], hiddenFavorites: 0, providers: [] })(request, response);
      });
      const cwd = makeFolder();
      writeFileSync(join(cwd, '.env'), `PADDOCK_URL=${url}/v1/\nPADDOCK_API_KEY=k3y\n`);
      expect(await runPaddock(['models'], { cwd, runtime })).toMatchObject({ code: 0, stderr: '' });
      const other = await runPaddock(['models', '--url', 'http://127.0.0.1:9'], { cwd, runtime });
      expect([other.code, keys]).toEqual([3, ['Bearer k3y']]);
    },
  );

  it('has control characters removed from its texts', async () => {
    const evil = `${ESCAPE}]0;x\u{7}${ESCAPE}[2J\r`;
    const error = { code: 'x', message: evil };
    const providers = [{ name: evil, label: evil, status: evil, error, models: [] }];
    const url = await serve(json({ favorites: [], hiddenFavorites: 0, providers }));
    const { code, stdout } = await ask(url);
    expect([code, stdout]).toEqual([0, expect.stringContaining('\u{fffd}[2J\u{fffd}')]);
    const refused = await ask(await serve(json({ src: 'paddock', error }, 400)));
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('\u{fffd}]0;x')]);
    expect((stdout + refused.stderr).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

it('paddock migrate reports a failure without the credentials of the address', async () => {
  const port = await findDeadPort();
  for (const LIBSQL_URL of [`http://127.0.0.1:${port}`, `libsql://u:s3cret@127.0.0.1:${port}`]) {
    const { code, stdout, stderr } = await runPaddock(['migrate'], { env: { LIBSQL_URL } });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^The migrations were not applied \(.*\): check LIBSQL_URL/);
    expect(stderr).not.toContain('s3cret');
  }
});

it('with API_KEYS, only requests to a running Paddock need a key', async () => {
  const dead = await findDeadPort();
  const settings = { PROVIDERS: `a=openai://127.0.0.1:${dead}`, API_KEYS: 'alice:k3y' };
  const ways = await openWays(settings);
  const here = await runPaddock(['resolve', 'a/m'], ways['with settings']);
  expect([here.code, here.stderr]).toEqual([0, '']);
  const { cwd, env } = ways['with a running Paddock'];
  const without = await runPaddock(['resolve', 'a/m'], { cwd, env });
  expect([without.code, without.stderr]).toEqual([
    2,
    expect.stringMatching(/API key is required.*\n.*PADDOCK_API_KEY\.\n$/),
  ]);
  const withKey = { cwd, env: { ...env, PADDOCK_API_KEY: 'k3y' } };
  expect((await runPaddock(['resolve', 'a/m'], withKey)).code).toBe(0);
});

it('without providers, paddock models names the setting and the demo', async () => {
  const { code, stderr } = await runPaddock(['models']);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/Set PROVIDERS, .*\n.*paddock demo\n.*--url http:\S+\n$/),
  ]);
});
