import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { TOML, YAML, type LineFormat } from '../../src/cli/line-formats.ts';
import { mergeJson } from '../../src/cli/merge-json.ts';
import { mergeLines } from '../../src/cli/merge-lines.ts';
import { CLIENTS } from '../../src/client-settings/clients.ts';
import { inputs } from '../fuzz.ts';
import { BUN } from '../runtimes/runtimes.ts';
import { readJsonc } from './opencode-fixture.ts';

/** Merges twice: the second merge must find nothing to change. */
function mergeTwice(text: string, merge: (text: string) => ReturnType<typeof mergeJson>) {
  const outcome = merge(text);
  if (!outcome.ok) throw new Error(outcome.message);
  expect(merge(outcome.text)).toMatchObject({ ok: true, text: outcome.text, changes: [] });
  return outcome;
}

const intoJson = (text: string, wanted: object) =>
  mergeTwice(text, (one) => mergeJson(one, wanted));

function intoLines(text: string, wanted: string, format: LineFormat, keep: readonly string[] = []) {
  return mergeTwice(text, (one) => mergeLines(one, { text: wanted, format, keep }));
}

/** What Bun reads in TOML or YAML. */
function parse(format: 'TOML' | 'YAML', text: string): unknown {
  const script = `console.log(JSON.stringify(Bun.${format}.parse(await Bun.stdin.text())))`;
  return JSON.parse(execFileSync(BUN.command, ['-e', script], { input: text, encoding: 'utf8' }));
}

const EVIL = String.raw`lab/it's "q" # y: z [a] = {b} \ 模型`;

it.each(['lab/big', EVIL])('merges the settings of every client for %s once', (id) => {
  for (const { name, describe: toInstructions } of CLIENTS) {
    const facts = { url: 'http://p:8400', window: 4096, hasVision: false, claudeAlias: null };
    const { snippets } = toInstructions({ ...facts, id, needsKey: false });
    for (const { text, language, file } of snippets) {
      if (file === undefined) continue;
      const merged =
        language === 'json'
          ? intoJson('', JSON.parse(text))
          : intoLines('', text, language === 'toml' ? TOML : YAML);
      if (language === 'json') expect(JSON.parse(merged.text), name).toEqual(JSON.parse(text));
      else expect(merged.text, name).toBe(`${text}\n`);
    }
  }
});

describe('mergeJson', () => {
  it('keeps comments, layout and other settings', () => {
    const text = `{
  // mine
  "permissions": { "allow": ["Bash(ls)"] }, /* and */
  "env": {
    "FOO": "1", // my own
    "ANTHROPIC_MODEL": "opus"
  },
}
`;
    const wanted = { env: { ANTHROPIC_MODEL: 'lab/big', ANTHROPIC_BASE_URL: 'http://p:8400' } };
    expect(intoJson(text, wanted)).toEqual({
      ok: true,
      replaces: true,
      changes: [
        'set env.ANTHROPIC_MODEL to "lab/big" (was "opus")',
        'added env.ANTHROPIC_BASE_URL',
      ],
      text: `{
  // mine
  "permissions": { "allow": ["Bash(ls)"] }, /* and */
  "env": {
    "FOO": "1", // my own
    "ANTHROPIC_MODEL": "lab/big",
    "ANTHROPIC_BASE_URL": "http://p:8400"
  },
}
`,
    });
  });

  it('merges items of a list by their id, and appends others', () => {
    const text = '{"models": [{"id": "a", "own": 1}, /* two */ {"id": "b"}]}';
    const merged = intoJson(text, { models: [{ id: 'b', size: 2 }, { id: 'c' }] });
    expect(readJsonc(merged.text)).toEqual({
      models: [{ id: 'a', own: 1 }, { id: 'b', size: 2 }, { id: 'c' }],
    });
    expect(merged.text).toContain('/* two */');
  });

  it('never shows a secret', () => {
    const text = '{"env": {"ANTHROPIC_AUTH_TOKEN": "sk-s3cret"}, "apiKey": "s3cret"}';
    const merged = intoJson(text, { env: { ANTHROPIC_AUTH_TOKEN: 'any' }, apiKey: 'any' });
    expect(merged.changes).toEqual(['set env.ANTHROPIC_AUTH_TOKEN', 'set apiKey']);
  });

  it.each([
    ['{"env": []}', /"env" is not an object, at line 1, column 9/],
    ['[]', /the top level is not an object/],
    ['{"env": {"A": 1, "A": 2}}', /"env" has the key "A" twice/],
    ['{"env": ', /not JSON/],
    ['{"list": {}}', /"list" is not a list/],
  ])('refuses %s', (text, message) => {
    const outcome = mergeJson(text, { env: { A: '1' }, list: [1] });
    expect(outcome).toEqual({ ok: false, message: expect.stringMatching(message) });
  });

  test('keeps other values of any object', () => {
    const property = fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (own) => {
      const text = JSON.stringify({ own, env: { own } }, null, 2);
      const merged = intoJson(text, { env: { A: '1' }, list: [{ id: 'a' }] });
      const after = readJsonc(merged.text);
      expect(after).toEqual(
        JSON.parse(JSON.stringify({ own, env: { own, A: '1' }, list: [{ id: 'a' }] })),
      );
    });
    fc.assert(property, inputs(200));
  });
});

const CODEX = `model = "lab/big"
model_provider = "paddock"

[model_providers.paddock]
name = "Paddock"
base_url = "http://p:8400/v1"`;

describe('mergeLines with TOML', () => {
  it('writes everything into an empty file', () => {
    expect(intoLines('', CODEX, TOML).text).toBe(`${CODEX}\n`);
  });

  it('keeps comments, tables and order', () => {
    const text = `# mine
model = "gpt-5" # the usual
approval_policy = "never"
notify = [
  "a = b",
]

# servers
[mcp_servers.x]
command = "x"

[model_providers.paddock]
base_url = "http://old:8400/v1"
http_headers = { a = "b" }

[model_providers.other] # not mine
name = "Other"
`;
    const merged = intoLines(text, CODEX, TOML);
    expect(merged.text).toBe(`# mine
model = "lab/big" # the usual
approval_policy = "never"
notify = [
  "a = b",
]
model_provider = "paddock"

# servers
[mcp_servers.x]
command = "x"

[model_providers.paddock]
base_url = "http://p:8400/v1"
http_headers = { a = "b" }
name = "Paddock"

[model_providers.other] # not mine
name = "Other"
`);
    expect(merged.changes).toEqual([
      'set model to lab/big (was gpt-5)',
      'added model_provider',
      'added [model_providers.paddock].name',
      'set [model_providers.paddock].base_url to http://p:8400/v1 (was http://old:8400/v1)',
    ]);
    expect(parse('TOML', merged.text)).toMatchObject({
      model: 'lab/big',
      notify: ['a = b'],
      model_providers: { paddock: { name: 'Paddock', http_headers: { a: 'b' } } },
    });
  });

  it('refuses strings of several lines', () => {
    const outcome = mergeLines('a = """\nmodel = 1\n"""', { text: CODEX, format: TOML, keep: [] });
    expect(outcome).toEqual({ ok: false, message: expect.stringContaining('several lines') });
  });
});

const CONTINUE = `name: My models
models:
  - name: "lab/big"
    provider: openai
    apiBase: "http://p:8400/v1"
    options:
      contextLength: 65536`;

describe('mergeLines with YAML', () => {
  it.each([
    ['an empty file', ''],
    ['an empty list', 'name: Mine\nmodels: []\n'],
    ['no list', 'name: Mine # and a comment\n\nrules:\n  - be kind\n'],
    ['a list without indentation', 'models:\n- name: other\n  model: x\nname: Mine\n'],
    ['a list with indentation', 'models:\n    - name: other\n      model: x\n# end\n'],
    ['the same item', 'models:\n  - name: lab/big\n    apiBase: old # yes\n    own: 1\n'],
    ['carriage returns', 'name: Mine\r\nmodels:\r\n  - name: other\r\n'],
  ])('merges into %s', (_what, text) => {
    const merged = intoLines(text, CONTINUE, YAML, ['name']);
    const before = text === '' ? {} : (parse('YAML', text) as Record<string, unknown>);
    const after = parse('YAML', merged.text) as Record<string, any>;
    expect(after).toMatchObject({ ...before, models: expect.any(Array) });
    expect(after['models']).toContainEqual(
      expect.objectContaining({
        name: 'lab/big',
        provider: 'openai',
        apiBase: 'http://p:8400/v1',
        options: { contextLength: 65_536 },
      }),
    );
    const own = (before['models'] ?? []) as { name: string }[];
    expect(after['models']).toHaveLength(new Set([...own.map(({ name }) => name), 'lab/big']).size);
    for (const [comment] of text.matchAll(/#.*/gu)) expect(merged.text).toContain(comment.trim());
    expect(merged.text.replaceAll('\r\n', '')).not.toMatch(text.includes('\r') ? /\n/u : /\r/u);
  });

  it('sets single values', () => {
    const wanted = 'model: "openai/lab/big"\nopenai-api-base: "http://p:8400/v1"';
    const text = "# aider\nmodel: 'gpt-4' # best\ndark-mode: true\n";
    expect(intoLines(text, wanted, YAML).text).toBe(
      '# aider\nmodel: "openai/lab/big" # best\ndark-mode: true\nopenai-api-base: "http://p:8400/v1"\n',
    );
  });

  it('merges into a list at the top', () => {
    const wanted = '- model_id: paddock\n  model_name: "lab/big"';
    const text = '- model_id: own\n  model_name: x\n- model_id: paddock\n  model_name: old\n';
    const merged = intoLines(text, wanted, YAML);
    expect(parse('YAML', merged.text)).toEqual([
      { model_id: 'own', model_name: 'x' },
      { model_id: 'paddock', model_name: 'lab/big' },
    ]);
  });

  it.each([
    ['models: [{ name: a }]', /models is not a block of lines, at line 1/],
    ['models: *anchor', /models is not a block of lines/],
    ['name: |\n  a\n  b', /name takes several lines, from line 1/],
    ['models:\n\t- name: a', /indented with tabs/],
  ])('refuses %j', (text, message) => {
    const outcome = mergeLines(text, { text: CONTINUE, format: YAML, keep: [] });
    expect(outcome).toEqual({ ok: false, message: expect.stringMatching(message) });
  });
});
