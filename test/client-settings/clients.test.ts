import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Facts, Snippet } from '../../src/client-settings/client.ts';
import { CLIENTS } from '../../src/client-settings/clients.ts';
import { findClaudeAlias } from '../../src/client-settings/find-claude-alias.ts';
import { isOldClaude } from '../../src/client-settings/old-claude.ts';
import {
  toAttribute,
  toPythonString,
  toShellWord,
  toTypeScriptString,
} from '../../src/client-settings/quoting.ts';
import { BUN } from '../runtimes/runtimes.ts';

const FACTS: Facts = {
  url: 'http://paddock.lan:8400',
  id: 'lab/big',
  window: 65_536,
  hasVision: true,
  claudeAlias: null,
  needsKey: false,
};
const IDS = [
  'sam-desktop/unsloth/Qwen3.6-35B:Q4_K_M',
  String.raw`lab/it's "quoted" $HOME ` +
    '`id`' +
    String.raw` $(id) !x * # y: z back\slash\" 模型 🦙 </script>&amp;`,
];
// In CI a missing Python fails the tests.
const hasPython = process.env['CI'] !== undefined || spawnSync('python3', ['-V']).status === 0;

/** All snippets of a client, or of all clients. */
function snippetsOf(rest: Partial<Facts> = {}, client?: string): Snippet[] {
  const facts = { ...FACTS, ...rest };
  return CLIENTS.filter(({ id }) => client === undefined || id === client).flatMap(
    ({ describe: toInstructions }) => [...toInstructions(facts).snippets],
  );
}

function textOf(client: string, language: string, rest: Partial<Facts> = {}): string {
  return snippetsOf(rest, client).find((one) => one.language === language)?.text ?? '';
}

/** The words that a shell makes of a command line. */
function splitByShell(line: string): string[] {
  const out = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return out.split('\0').slice(0, -1);
}

/** Runs a program on a list of texts as JSON. Returns what it prints, as JSON. */
function runOn(command: readonly string[], texts: readonly string[]): any {
  const [program = '', ...args] = command;
  return JSON.parse(
    execFileSync(program, args, { input: JSON.stringify(texts), encoding: 'utf8' }),
  );
}

const CASES = IDS.flatMap((id) =>
  [false, true].map((needsKey) => ({ id, needsKey, snippets: snippetsOf({ id, needsKey }) })),
);
const textsIn = (language: string) =>
  CASES.flatMap(({ snippets }) =>
    snippets.flatMap((one) => (one.language === language ? [one.text] : [])),
  );

describe('the settings of all clients', () => {
  it('are valid Python', () => {
    if (!hasPython) return;
    const script =
      'import sys, json\nfor text in json.load(sys.stdin): compile(text, "snippet", "exec")\nprint("true")';
    expect(runOn(['python3', '-c', script], textsIn('python'))).toBe(true);
  });

  it('are valid TypeScript, which is JavaScript', () => {
    for (const text of textsIn('ts')) {
      const body = text.replaceAll(/^import .*$/gmu, '');
      expect(() => new Function(`return async () => {${body}\n}`)).not.toThrow();
    }
  });

  it('are valid for a shell', () => {
    for (const text of textsIn('sh')) execFileSync('sh', ['-n'], { input: text });
  });

  it('are valid TOML, YAML and JSON, with the ID', () => {
    const parse = (format: string) =>
      runOn(
        [
          BUN.command,
          '-e',
          `const texts = await Bun.stdin.json(); console.log(JSON.stringify(texts.map((text) => Bun.${format}.parse(text))))`,
        ],
        textsIn(format.toLowerCase()),
      ) as unknown[];
    const values = [
      ...parse('TOML'),
      ...parse('YAML'),
      ...textsIn('json').map((text) => JSON.parse(text) as unknown),
    ];
    for (const { id } of CASES) {
      const escaped = JSON.stringify(id).slice(1, -1);
      const naming = values.filter((value) => JSON.stringify(value).includes(escaped));
      // Codex, aider twice, Continue, LibreChat, llm, aichat, LiteLLM, Claude Code, opencode and Qwen Code.
      expect(naming.length).toBeGreaterThanOrEqual(2 * 11 - 2);
    }
  });

  it('name the address, and the window where the client has such a setting', () => {
    for (const { id, name, describe: toInstructions } of CLIENTS) {
      const text = JSON.stringify(toInstructions(FACTS).snippets);
      expect(text, name).toMatch(/paddock\.lan|host\.docker\.internal:8400/u);
      const knows =
        /claude-code|codex|^opencode|aider|cline|continue|qwen|libre|aichat|index|litellm/u;
      expect(text.includes('65536'), name).toBe(knows.test(id));
    }
    expect(JSON.stringify(snippetsOf({ window: null }))).not.toMatch(/65536|null/u);
  });

  it('never hold a key, and name where it goes only if one is needed', () => {
    for (const { name, describe: toInstructions } of CLIENTS) {
      const open = JSON.stringify(toInstructions(FACTS).snippets);
      expect(open, name).not.toMatch(/YOUR_PADDOCK_KEY|\$PADDOCK_API_KEY|environ|process\.env/u);
      const closed = JSON.stringify(toInstructions({ ...FACTS, needsKey: true }));
      expect(closed, name).toMatch(/PADDOCK_API_KEY|YOUR_PADDOCK_KEY|property key|llm keys set/u);
      expect(closed, name).not.toMatch(/\bany\b[^ ]/u);
    }
  });

  it('have different names', () => {
    expect(new Set(CLIENTS.map(({ id }) => id)).size).toBe(CLIENTS.length);
  });
});

describe.each(IDS)('for %s', (id) => {
  it('is quoted correctly for a shell, TypeScript and Python', () => {
    expect(splitByShell(toShellWord(id))).toEqual([id]);
    expect(new Function(`return ${toTypeScriptString(id)}`)()).toBe(id);
    if (!hasPython) return;
    const script = `import sys; sys.stdout.buffer.write(${toPythonString(id)}.encode())`;
    expect(execFileSync('python3', ['-c', script], { encoding: 'utf8' })).toBe(id);
  });

  it('curl gets the address and a body with the ID', () => {
    const words = splitByShell(textOf('curl', 'sh', { id }).replace(/^curl /u, ''));
    expect(words[0]).toBe(`${FACTS.url}/v1/chat/completions`);
    expect(JSON.parse(words.at(-1) ?? '')).toMatchObject({ model: id });
  });

  it('the shell gets the variables of Claude Code', () => {
    const script = textOf('claude-code', 'sh', { id }).replace(/\nclaude$/u, '\nenv -0');
    const out = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
    const variables = Object.fromEntries(
      out.split('\0').map((line) => [line.replace(/=.*$/su, ''), line.replace(/^[^=]*=/u, '')]),
    );
    expect(variables).toMatchObject({
      ANTHROPIC_BASE_URL: FACTS.url,
      ANTHROPIC_AUTH_TOKEN: 'any',
      ANTHROPIC_MODEL: id,
      ANTHROPIC_DEFAULT_OPUS_MODEL: id,
      ANTHROPIC_DEFAULT_SONNET_MODEL: id,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: id,
      CLAUDE_CODE_MAX_CONTEXT_TOKENS: '65536',
      CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
    });
  });

  it('opencode gets its reference', () => {
    expect(JSON.parse(textOf('opencode', 'json', { id }))).toMatchObject({
      provider: { paddock: { models: { [id]: { limit: { context: 65_536, output: 14_384 } } } } },
      model: `paddock/${id}`,
    });
  });

  it('opencode gets the command that merges it into the file', () => {
    const opencode = CLIENTS.find((client) => client.id === 'opencode');
    expect(opencode?.describe(FACTS).about).toContain(
      'connect opencode --model lab/big --write --url http://paddock.lan:8400',
    );
  });
});

it('toAttribute escapes any text', () => {
  expect(toAttribute('a"b<c>&d')).toBe('"a&quot;b&lt;c>&amp;d"');
  expect(textOf('web-page', 'html')).toContain(
    '<model-picker src="http://paddock.lan:8400" name="model" value="lab/big">',
  );
});

describe('Claude Code', () => {
  it('gets an alias that it takes for an older Claude', () => {
    const { env } = JSON.parse(textOf('claude-code', 'json', { claudeAlias: 'claude-3-local' }));
    expect([env.ANTHROPIC_MODEL, env.ANTHROPIC_DEFAULT_HAIKU_MODEL]).toEqual([
      'claude-3-local',
      'claude-3-local',
    ]);
  });

  it('leaves room in a small window, and its own limit in a large one', () => {
    const read = (window: number) =>
      JSON.parse(textOf('claude-code', 'json', { window })).env.CLAUDE_CODE_MAX_OUTPUT_TOKENS;
    expect([read(32_769), read(131_072)]).toEqual(['8192', undefined]);
  });

  it('gets the key from a command, as its settings cannot name a variable', () => {
    const settings = JSON.parse(textOf('claude-code', 'json', { needsKey: true }));
    expect(settings.apiKeyHelper).toBe('printenv PADDOCK_API_KEY');
    expect(settings.env).not.toHaveProperty('ANTHROPIC_AUTH_TOKEN');
  });

  it.each([
    ['claude-3-local', true],
    ['lab/claude-3-haiku', true],
    ['local-claude-3-x', false],
    ['claude-sonnet-4-5-x', false],
    ['claude-3-x/qwen', false],
  ])('takes %s for an older Claude: %s', (name, expected) => {
    expect(isOldClaude(name)).toBe(expected);
  });

  it.each([
    ['of the settings', { 'claude-3-a': 'lab/big' }, 'claude-3-a'],
    [
      'of the provider',
      { 'claude-3-a': 'desk/claude-3-a', 'lab/claude-3-a': 'lab/claude-3-a' },
      'lab/claude-3-a',
    ],
    ['of another model', { 'claude-3-a': 'desk/claude-3-a' }, null],
  ])('finds an alias %s', async (_what, known: Record<string, string>, expected) => {
    const resolve = async (name: string) => {
      const id = known[name];
      return id === undefined ? null : { id, available: true };
    };
    const model = { id: 'lab/big', provider: 'lab', aliases: ['gpt-4', 'claude-3-a'] };
    expect(await findClaudeAlias(model, resolve)).toBe(expected);
  });
});

it('Open WebUI gets the address for containers', () => {
  const about = (url: string) =>
    CLIENTS.find(({ id }) => id === 'open-webui')?.describe({ ...FACTS, url }).about;
  expect(about(FACTS.url)).toContain('http://host.docker.internal:8400/v1');
  expect(about('http://paddock.lan')).toContain('http://host.docker.internal/v1');
});
