import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoFleet } from '../../demo/fleet.ts';
import { listen } from '../../demo/listen.ts';
import type { Snippet } from '../../src/client-settings/client.ts';
import { connect, type ConnectCommandOptions } from '../../src/cli/commands/connect.ts';
import { EXIT, toExitCode } from '../../src/cli/exit-codes.ts';
import { findSimilar } from '../../src/cli/find-similar.ts';
import { listClients } from '../../src/cli/list-clients.ts';
import { createStandardInput } from '../../src/cli/standard-input.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { toFailureMessage } from '../../src/cli/to-failure-message.ts';
import { writeSettings } from '../../src/cli/write-settings.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { findDeadPort } from '../hosts.ts';
import { makeApp, makeFolder } from '../make-app.ts';

type Options = ConnectCommandOptions & { client?: string };

const closing: (() => Promise<unknown>)[] = [];
let url: string;
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

/** Starts a Paddock in front of the demo's hosts. */
async function startPaddock(settings: Record<string, string> = {}): Promise<string> {
  const fleet = await startDemoFleet();
  const off = `off=llama-swap://127.0.0.1:${await findDeadPort()}`;
  const folder = mkdtempSync(join(tmpdir(), 'paddock-connect-'));
  const database = openMigratedDatabase({ url: `file:${folder}/paddock.db`, authToken: null });
  const app = makeApp({ PROVIDERS: `${fleet.providers} ${off}`, ...settings }, { database });
  const server = await listen(async (request) => app.fetch(request));
  closing.push(
    () => fleet.close(),
    async () => rmSync(folder, { recursive: true, force: true }),
    () => server.close(),
  );
  return server.url;
}

const base = createTerminal(process);
const input = createStandardInput(process);

/** Runs the command. Returns what it prints, or its failure. */
async function run(options: Options) {
  let stdout = '';
  const terminal = {
    ...base,
    print: (text: string) => (stdout += `${text}\n`),
    printError: (text: string) => (stdout += text),
  };
  const context = { terminal, input, setExitCode: () => {}, keepRunning: () => {} };
  const error: unknown = await connect(context, { url, ...options }).then(
    () => null,
    (failure: unknown) => failure,
  );
  return {
    stdout,
    code: error === null ? 0 : toExitCode(error),
    message: String(error && toFailureMessage(error)),
  };
}

const readJson = async (options: Options) =>
  JSON.parse((await run({ ...options, json: true })).stdout);

describe('paddock connect', () => {
  beforeAll(async () => {
    url = await startPaddock({
      MODEL_ALIASES: 'claude-3-local=lab-server/gpt-oss-120b',
      DEFAULT_MODEL: '',
    });
  });

  it('lists the clients', async () => {
    const { stdout } = await run({});
    expect(stdout).toMatch(/^claude-code +Claude Code +~\/\.claude\/settings\.json +2\./m);
    expect(await readJson({})).toContainEqual(
      expect.objectContaining({ id: 'codex', file: '~/.codex/paddock.config.toml' }),
    );
  });

  it('lists them in 80 columns on a terminal', () => {
    const colors = base.colors;
    const narrow = listClients({ colors, width: 80 });
    const lengths = narrow.split('\n').map((line) => stripVTControlCharacters(line).length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(80);
    expect(narrow).toMatch(/claude-code.*~\/\.claude\/settings\.json/);
    expect(listClients({ colors, width: 200 })).toBe(listClients({ colors, width: null }));
  });

  it('prints the real address, model and window, and writes nothing', async () => {
    const { stdout, code } = await run({ client: 'claude-code' });
    expect(code).toBe(0);
    expect(stdout).toContain(`export ANTHROPIC_BASE_URL=${url}\n`);
    expect(stdout).toContain('export ANTHROPIC_MODEL=sam-desktop/qwen3.6-27b\n');
    expect(stdout).toContain('export CLAUDE_CODE_MAX_CONTEXT_TOKENS=65536\n');
  });

  it('uses another model, and its alias for Claude Code', async () => {
    const model = 'lab-server/gpt-oss-120b';
    expect(await readJson({ client: 'codex', model })).toMatchObject({
      client: 'codex',
      model,
      contextWindow: 131_072,
      snippets: [{ text: expect.stringContaining('model_context_window = 131072') }, {}],
    });
    const { snippets } = await readJson({ client: 'claude-code', model });
    expect(snippets[0].text).toContain('export ANTHROPIC_MODEL=claude-3-local\n');
    expect(await readJson({ client: 'curl', model: 'claude-3-local' })).toMatchObject({
      model: 'claude-3-local',
      contextWindow: 131_072,
    });
  });

  it('knows a model with an unknown window and one with vision', async () => {
    const model = 'lab-server/unsloth/gemma-4-31b-it-GGUF:Q6_K';
    const { snippets, contextWindow } = await readJson({ client: 'continue', model });
    expect([contextWindow, snippets[0].text]).toEqual([
      null,
      expect.stringMatching(/image_input\]$/),
    ]);
  });

  it.each<[options: Options, code: number, message: RegExp]>([
    [
      { client: 'cluade-code' },
      EXIT.usage,
      /No client.*"cluade-code".*mean claude-code\? paddock connect lists/,
    ],
    [{ client: 'x' }, EXIT.usage, /No client is called "x"\. paddock connect lists the clients\./],
    [
      { model: 'qwen3.6-72b' },
      EXIT.usage,
      /does not list.*Did you mean sam-desktop\/qwen3\.6-27b,.* or .*\?/,
    ],
    [{ model: 'no-such-thing' }, EXIT.usage, /does not list.*paddock models lists/],
    [
      { model: 'lab/gpt-oss-120b' },
      EXIT.usage,
      /does not begin with the name of a provider.*Did you mean lab-server\/gpt-oss-120b\?/,
    ],
    [{ model: 'gpt-oss-120b' }, EXIT.usage, /Did you mean lab-server\/gpt-oss-120b\?/],
    [{ model: 'qwen3-embedding-0.6b' }, EXIT.usage, /qwen3-embedding-0\.6b does not chat/],
    [{ model: 'lab-server/bge-reranker-v2-m3' }, EXIT.usage, /does not chat/],
    [
      { model: 'off/m' },
      EXIT.unreachable,
      /The settings for off\/m are unknown, because off is offline/,
    ],
    [{ model: 'lab-server/' }, EXIT.usage, /names the provider "lab-server" but no model/],
    [{ client: 'cline', write: true }, EXIT.usage, /Cline has no configuration file/],
    [
      { url: 'http://127.0.0.1:9' },
      EXIT.unreachable,
      /No Paddock answers at http:\/\/127\.0\.0\.1:9/,
    ],
  ])('%j is refused', async (options, code, message) => {
    const ended = await run({ client: 'codex', ...options });
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.message).toMatch(message);
  });

  it.each<Options>([{ write: true }, { model: 'qwen3.6-27b' }])(
    '%j needs a client',
    async (options) => {
      const { code, stdout, message } = await run(options);
      expect([code, stdout]).toEqual([EXIT.usage, '']);
      expect(message).toMatch(/^Name the client too/);
    },
  );

  it('names no model if none chats', async () => {
    const dead = makeApp({ PROVIDERS: `off=llama-swap://127.0.0.1:${await findDeadPort()}` });
    const server = await listen(async (request) => dead.fetch(request));
    closing.push(() => server.close());
    const { code, message } = await run({ client: 'codex', url: server.url });
    expect([code, message]).toEqual([EXIT.unreachable, expect.stringContaining('paddock doctor')]);
  });
});

describe('the key', () => {
  it('is named, and never printed', async () => {
    const closed = await startPaddock({ API_KEYS: 's3cret-key' });
    const before = process.env['PADDOCK_API_KEY'];
    process.env['PADDOCK_API_KEY'] = 's3cret-key';
    const { stdout } = await run({ client: 'claude-code', url: closed });
    if (before === undefined) delete process.env['PADDOCK_API_KEY'];
    expect(stdout).toContain('export ANTHROPIC_AUTH_TOKEN="$PADDOCK_API_KEY"');
    expect(stdout).toContain('"apiKeyHelper": "printenv PADDOCK_API_KEY"');
    expect(stdout).not.toContain('s3cret');
  });
});

describe('--write', () => {
  const snippet = (value: object): Snippet => ({
    title: '',
    language: 'json',
    text: JSON.stringify(value),
    file: { path: '~/.tool/settings.json', folderVariable: 'TOOL_HOME' },
  });
  const machine = (home: string, environment = {}) => ({ home, environment, platform: 'linux' });
  const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

  it('creates a file, and changes nothing the second time', async () => {
    const home = makeFolder();
    const [first] = await writeSettings([snippet({ a: 1 })], machine(home));
    expect(first).toEqual({
      file: join(home, '.tool/settings.json'),
      changes: ['added a'],
      backup: null,
    });
    const { ino } = statSync(first?.file ?? '');
    const [second] = await writeSettings([snippet({ a: 1 })], machine(home));
    expect([second?.changes, statSync(first?.file ?? '').ino]).toEqual([[], ino]);
  });

  it('keeps the first version of a file that loses a value, its mode, and links to it', async () => {
    const home = makeFolder();
    mkdirSync(join(home, '.tool'));
    writeFileSync(join(home, 'real.json'), '{"a": 0} // mine\n', { mode: 0o600 });
    symlinkSync('../real.json', join(home, '.tool/settings.json'));
    const [first] = await writeSettings([snippet({ a: 1 })], machine(home));
    await writeSettings([snippet({ a: 2 })], machine(home));
    expect(read(home, 'real.json')).toBe('{"a": 2} // mine\n');
    expect(read(first?.backup ?? '')).toBe('{"a": 0} // mine\n');
    expect(statSync(first?.backup ?? '').mode & 0o777).toBe(0o600);
  });

  it('uses the folder of the client’s own variable', async () => {
    const home = makeFolder();
    await writeSettings([snippet({ a: 1 })], machine('/nowhere', { TOOL_HOME: home }));
    expect(JSON.parse(read(home, 'settings.json'))).toEqual({ a: 1 });
  });

  it('prefers the file’s other name if that exists, and follows XDG_CONFIG_HOME', async () => {
    const home = makeFolder();
    const file = { path: '~/.config/tool/tool.json', otherName: 'tool.jsonc' };
    const wanted = { ...snippet({ a: 1 }), file };
    const config = join(home, 'etc');
    const here = machine(home, { XDG_CONFIG_HOME: config });
    const [first] = await writeSettings([wanted], machine(home, { XDG_CONFIG_HOME: 'etc' }));
    expect(first?.file).toBe(join(home, '.config/tool/tool.json'));
    mkdirSync(join(config, 'tool'), { recursive: true });
    writeFileSync(join(config, 'tool/tool.jsonc'), '{} // mine\n');
    const [second] = await writeSettings([wanted], here);
    expect(second?.file).toBe(join(config, 'tool/tool.jsonc'));
    expect(read(config, 'tool/tool.jsonc')).toMatch(/"a": 1[^]*\/\/ mine/);
    expect(existsSync(join(config, 'tool/tool.json'))).toBe(false);
  });

  it('writes none of the files if one cannot be merged', async () => {
    const home = makeFolder();
    writeFileSync(join(home, 'broken.json'), '{');
    const broken: Snippet = { ...snippet({ a: 1 }), file: { path: '~/broken.json' } };
    const writing = writeSettings([snippet({ a: 1 }), broken], machine(home));
    await expect(writing).rejects.toThrow(/broken\.json: .*not JSON.*left untouched/);
    expect(existsSync(join(home, '.tool'))).toBe(false);
  });

  it('reports a file that cannot be read or written', async () => {
    const home = makeFolder();
    mkdirSync(join(home, '.tool/settings.json'), { recursive: true });
    await expect(writeSettings([snippet({ a: 1 })], machine(home))).rejects.toThrow(
      /cannot be read \(it is not a file\)/,
    );
    const blocked = makeFolder();
    writeFileSync(join(blocked, '.tool'), '');
    chmodSync(join(blocked, '.tool'), 0o400);
    await expect(writeSettings([snippet({ a: 1 })], machine(blocked))).rejects.toThrow(
      /cannot be read \(ENOTDIR\)/,
    );
  });
});

it.each([
  ['claude', ['claude-code', 'codex'], 'claude-code'],
  ['opencdoe', ['codex', 'opencode'], 'opencode'],
  ['Codex', ['codex'], 'codex'],
  ['zzz', ['codex'], null],
  ['', ['codex'], null],
])('findSimilar finds for %j in %j: %j', (text, names, expected) => {
  expect(findSimilar(text, names)).toBe(expected);
});
