import { describe, expect, it } from 'vitest';
import { explainBareId } from '../../src/catalog/explain-bare-id.ts';
import { requireModel } from '../../src/resolve/resolve-model.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { offline, online, snapshotOf } from './snapshots.ts';

const { registry } = parseSettings({
  PROVIDERS:
    'lab-server=llama-swap://lab sam-desktop=llama-swap://sam garage=llama-swap://garage away=llama-swap://away',
  DEFAULT_PROVIDER: 'sam-desktop',
  MODEL_ALIASES: 'org/alias=garage/gone',
});
const LISTS = {
  'sam-desktop': online('qwen3', 'shared', 'unsloth/Qwen3', 'Org/Mixed', '模型/版', {
    id: 'aliased',
    meta: { llamaswap: { aliases: ['vendor/alias'] } },
  }),
  'lab-server': online('gpt-oss-120b', 'shared', 'openai/gpt-oss-20b', 'a/b/c'),
  garage: online('shared', 'gpt-oss-120b', 'anything/else'),
  away: offline(),
};

const explain = (id: string, results: Parameters<typeof snapshotOf>[0] | null = LISTS) =>
  explainBareId(requireModel(id, registry), {
    registry,
    snapshot: results === null ? null : snapshotOf(results),
  });
const suggested = (note: string | null) => / Did you mean (.*)\?$/su.exec(note ?? '')?.[1] ?? null;

describe('explainBareId', () => {
  it('names the provider that was asked, all providers, and the ID that was probably meant', () => {
    expect(explain('lab/gpt-oss-120b')).toBe(
      '"lab/gpt-oss-120b" does not begin with the name of a provider, so it is a bare ID of sam-desktop, which does not list it. Providers: lab-server, sam-desktop, garage, away. Did you mean lab-server/gpt-oss-120b?',
    );
    expect(explain('openai/gpt-4o')).toBe(
      '"openai/gpt-4o" does not begin with the name of a provider, so it is a bare ID of sam-desktop, which does not list it. Providers: lab-server, sam-desktop, garage, away. Write provider/model.',
    );
  });

  it.each([
    // Another program's prefix.
    ['paddock/sam-desktop/qwen3', 'sam-desktop/qwen3'],
    ['paddock/lab-server/a/b/c', 'lab-server/a/b/c'],
    ['openai/lab-server/openai/gpt-oss-20b', 'lab-server/openai/gpt-oss-20b'],
    ['openai/paddock/sam-desktop/qwen3', 'sam-desktop/qwen3'],
    ['paddock/shared', 'sam-desktop/shared'],
    ['any/shared', 'sam-desktop/shared'],
    ['any/gpt-oss-120b', 'lab-server/gpt-oss-120b'],
    // The provider's name in another spelling.
    ['Sam-Desktop/qwen3', 'sam-desktop/qwen3'],
    ['SAM_DESKTOP/qwen3', 'sam-desktop/qwen3'],
    ['samdesktop/unlisted', 'sam-desktop/unlisted'],
    ['lab/shared', 'lab-server/shared'],
    ['lab-sever/shared', 'lab-server/shared'],
    ['desktop/shared', 'sam-desktop/shared'],
    ['garaage/shared', 'garage/shared'],
    // A percent-encoded slash.
    ['sam-desktop%2Fqwen3', 'sam-desktop/qwen3'],
    ['lab-server%2fa%2Fb%2Fc', 'lab-server/a/b/c'],
    ['Lab-Server%2Fgpt-oss-120b', 'lab-server/gpt-oss-120b'],
    // The model under its whole name, in another case, or behind another first part.
    ['openai/gpt-oss-20b', 'lab-server/openai/gpt-oss-20b'],
    ['lab/gpt-oss-20b', 'lab-server/openai/gpt-oss-20b'],
    ['org/mixed', 'sam-desktop/Org/Mixed'],
    ['lab/GPT-OSS-120B', 'lab-server/gpt-oss-120b'],
    ['garag/else', 'garage/anything/else'],
    ['labor/版', 'sam-desktop/模型/版'],
    // A provider whose list is unknown.
    ['Away/qwen3:q4', 'away/qwen3:q4'],
    ['awayy/x', 'away/x'],
  ])('reads %s as %s', (id, meant) => {
    expect(suggested(explain(id))).toBe(meant);
  });

  it.each(['openai/gpt-4o', 'x/y', '/', '//', 'a/', '/%2F', 'paddock/', 'lab/unlisted', '界/面'])(
    'suggests nothing for %j',
    (id) => {
      expect(explain(id)).toMatch(/Write provider\/model\.$/u);
    },
  );

  it.each([
    'qwen3',
    'unlisted',
    'Sam-Desktop',
    '100%',
    'unsloth/Qwen3',
    'vendor/alias',
    'org/alias',
    'sam-desktop/unlisted',
    'away/x',
  ])('finds nothing wrong with %s', (id) => {
    expect(explain(id)).toBeNull();
  });

  it('claims nothing about an unknown list', () => {
    expect(explain('unsloth/Qwen3', null)).toBeNull();
    expect(explain('unsloth/Qwen3', { 'sam-desktop': offline() })).toBeNull();
    expect(explain('Lab-Server/x', null)).toBe(
      '"Lab-Server/x" does not begin with the name of a provider, so it is a bare ID of sam-desktop. Providers: lab-server, sam-desktop, garage, away. Did you mean lab-server/x?',
    );
    const known = { registry, snapshot: null };
    const resolved = requireModel('unsloth/Qwen3', registry);
    expect(explainBareId(resolved, { ...known, hasFailed: true })).toMatch(
      /so it is a bare ID of sam-desktop\. .* Write provider\/model\.$/u,
    );
  });

  it('does not know a list that was cut', () => {
    const cut = { ...online('x'), error: { code: 'too_many_models', message: '' } };
    expect(explain('unsloth/Qwen3', { 'sam-desktop': cut })).toBeNull();
  });

  it('stays short for long IDs and many providers', () => {
    const names = Array.from({ length: 300 }, (_, index) => `provider-${index}`);
    const many = parseSettings({
      PROVIDERS: names.map((name) => `${name}=llama-swap://x`).join(' '),
    }).registry;
    const model = '😀'.repeat(480);
    const note = explainBareId(requireModel(`x/${model}`, many), {
      registry: many,
      snapshot: snapshotOf({ 'provider-0': online(), 'provider-1': online(model) }),
    });
    expect(note).toContain('provider-11 and 288 more. Write');
    expect(encodeURIComponent(note ?? '').length).toBeLessThan(2000);
  });
});
