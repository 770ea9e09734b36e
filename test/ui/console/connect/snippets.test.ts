import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  toAttribute,
  toPythonString,
  toShellWord,
  toTypeScriptString,
} from '../../../../ui/console/connect/quoting.ts';
import { MASK, toPrograms } from '../../../../ui/console/connect/snippets.ts';

const ORIGIN = 'http://paddock.lan:8400';
const IDS = [
  'sam-desktop/qwen3.6-27b',
  'lab/unsloth/Qwen3.6-35B:Q4_K_M',
  'lab/two words',
  `lab/it's "quoted"`,
  String.raw`lab/back\slash\"`,
  'lab/$HOME `id` $(id) !x *',
  'lab/模型 🦙',
  'lab/</script>&amp;',
];
// In CI a missing Python fails the tests.
const hasPython = process.env['CI'] !== undefined || spawnSync('python3', ['-V']).status === 0;

/** The text of one snippet for a program. */
function textOf(name: string, options: { id?: string; key?: string | null; at?: number } = {}) {
  const { id = 'lab/big', key = null, at = 0 } = options;
  const program = toPrograms({ origin: ORIGIN, id, key }).find((one) => one.name === name);
  return program?.snippets[at]?.text ?? '';
}

/** The words that a shell makes of a command line. */
function splitByShell(line: string): string[] {
  const out = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return out.split('\0').slice(0, -1);
}

describe.each(IDS)('for %s', (id) => {
  it('is quoted correctly for a shell, TypeScript and Python', () => {
    expect(splitByShell(toShellWord(id))).toEqual([id]);
    expect(new Function(`return ${toTypeScriptString(id)}`)()).toBe(id);
    if (!hasPython) return;
    const script = `import sys; sys.stdout.buffer.write(${toPythonString(id)}.encode())`;
    expect(execFileSync('python3', ['-c', script], { encoding: 'utf8' })).toBe(id);
  });

  it('curl gets the address and a body with the ID', () => {
    const words = splitByShell(textOf('curl', { id }).replace(/^curl /u, ''));
    expect(words[0]).toBe(`${ORIGIN}/v1/chat/completions`);
    expect(JSON.parse(words.at(-1) ?? '')).toMatchObject({ model: id });
  });

  it('Python and TypeScript compile, with the address and the ID', () => {
    const python = textOf('Python', { id });
    expect(python).toContain(`base_url="${ORIGIN}/v1"`);
    expect(python).toContain(`model=${JSON.stringify(id)},`);
    if (hasPython) {
      const compile = 'import sys; compile(sys.stdin.read(), "snippet", "exec")';
      execFileSync('python3', ['-c', compile], { input: python });
    }
    const typeScript = textOf('TypeScript', { id });
    expect(typeScript).toContain(`baseURL: '${ORIGIN}/v1'`);
    expect(typeScript).toContain(`model: ${toTypeScriptString(id)},`);
    execFileSync(process.execPath, ['--input-type=module', '--check'], { input: typeScript });
  });

  it('the shell snippet sets the variables of Claude Code', () => {
    const script = textOf('Claude Code', { id }).replace(/\nclaude$/u, '');
    const print = String.raw`printf '%s\0' "$ANTHROPIC_BASE_URL" "$ANTHROPIC_DEFAULT_OPUS_MODEL" "$ANTHROPIC_DEFAULT_HAIKU_MODEL"`;
    const out = execFileSync('sh', ['-c', `${script}\n${print}`], { encoding: 'utf8' });
    expect(out.split('\0').slice(0, -1)).toEqual([ORIGIN, id, id]);
  });

  it('opencode gets JSON with the ID and its reference', () => {
    expect(JSON.parse(textOf('opencode', { id, at: 1 }))).toMatchObject({
      provider: { paddock: { options: { baseURL: `${ORIGIN}/v1` }, models: { [id]: {} } } },
      model: `paddock/${id}`,
    });
  });
});

it('toAttribute escapes any text', () => {
  expect(toAttribute('a"b<c>&d')).toBe('"a&quot;b&lt;c>&amp;d"');
  expect(textOf('Your own page')).toBe(
    `<script type="module" src="${ORIGIN}/picker.js"></script>
<model-picker src="${ORIGIN}" name="model" value="lab/big"></model-picker>`,
  );
});

describe('the key', () => {
  const all = (key: string | null) =>
    toPrograms({ origin: ORIGIN, id: 'lab/big', key }).map(({ snippets }) => snippets);

  it('is "any" when the gateway requires none', () => {
    expect(textOf('Python')).toContain('api_key="any"');
    expect(textOf('TypeScript')).toContain("apiKey: 'any'");
    expect(textOf('Claude Code')).toContain('ANTHROPIC_AUTH_TOKEN=any');
    expect(textOf('Open WebUI', { at: 1 })).toBe('any');
    expect(textOf('curl')).not.toContain('authorization');
    expect(JSON.stringify(all(null))).not.toContain('PADDOCK_API_KEY');
  });

  it('is quoted in copied text, and masked in shown text', () => {
    const key = `it's "secret"`;
    expect(textOf('Python', { key })).toContain(`api_key=${JSON.stringify(key)}`);
    expect(splitByShell(textOf('curl', { key }).replace(/^curl /u, ''))).toContain(
      `authorization: Bearer ${key}`,
    );
    expect(textOf('Open WebUI', { key, at: 1 })).toBe(key);
    expect(textOf('opencode', { key })).toBe(`export PADDOCK_API_KEY=${toShellWord(key)}`);
    const shown = JSON.stringify(all(MASK));
    expect(shown).toContain(MASK);
    expect(shown).not.toContain('secret');
  });

  it('is passed to curl as a variable in the opencode snippet', () => {
    const command = textOf('opencode', { key: 's3cret', at: 1 });
    expect(command).toContain('-H "authorization: Bearer $PADDOCK_API_KEY"');
    expect(textOf('opencode')).not.toContain('authorization');
  });

  it('is not in the opencode configuration', () => {
    const config = textOf('opencode', { key: 's3cret', at: 2 });
    expect(config).toContain('{env:PADDOCK_API_KEY}');
    expect(config).not.toContain('s3cret');
  });
});

it('Open WebUI gets the address for containers', () => {
  const about = (origin: string) =>
    toPrograms({ origin, id: 'lab/big', key: null }).find(({ name }) => name === 'Open WebUI')
      ?.about;
  expect(about(ORIGIN)).toContain('http://host.docker.internal:8400/v1');
  expect(about('http://paddock.lan')).toContain('http://host.docker.internal/v1');
});
