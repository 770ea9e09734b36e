import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  renderEnvExample,
  renderKinds,
  renderSettings,
  replacePart,
} from '../../scripts/settings-docs.ts';
import { KINDS } from '../../src/registry/kinds/kinds.ts';
import { SETTING_ENTRIES } from '../../src/settings/table.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { readPage, readSnippet } from './pages.ts';

const document = readPage('docs/configuration.md');
const names = SETTING_ENTRIES.map(([name]) => name);

describe('.env.example', () => {
  it('equals the output of `npm run docs:settings`', () => {
    expect(readPage('.env.example')).toBe(renderEnvExample(SETTING_ENTRIES));
  });

  it('sets PROVIDERS, and has valid values for every commented setting', () => {
    expect(Object.keys(parseEnv(readPage('.env.example')))).toEqual(['PROVIDERS']);
    const all = parseEnv(readPage('.env.example').replaceAll(/^# (?=[A-Z_]+=)/gm, ''));
    expect(Object.keys(all).toSorted()).toEqual(
      [...names, 'OTEL_EXPORTER_OTLP_ENDPOINT'].toSorted(),
    );
    const { registry, roles, allowedHosts } = parseSettings(all);
    expect([...registry.providers.keys()]).toEqual(['desktop', 'lab', 'deepseek']);
    expect([registry.aliases.size, roles.arena.length, allowedHosts]).toEqual([2, 2, null]);
  });
});

describe('docs/configuration.md', () => {
  it.each([
    ['settings', renderSettings(SETTING_ENTRIES)],
    ['kinds', renderKinds(KINDS)],
  ])('has the %s of `npm run docs:settings`', (name, text) => {
    expect(document).toBe(replacePart(document, { name, text }));
  });

  it('has a row of six cells for every setting', () => {
    const rows = document.split('\n').filter((line) => /^\| `[A-Z_]+`/u.test(line));
    const cells = rows.map((row) => row.split(' | '));
    expect(cells.filter(({ length }) => length === 6)).toHaveLength(names.length);
    for (const name of names) expect(document).toMatch(new RegExp(`^\\| \`${name}\``, 'mu'));
  });

  it('shows valid providers', () => {
    const serve = readSnippet('docs/configuration.md', 'sh serve');
    const [, entries = ''] = /^PROVIDERS="([^"]+)" npm run serve\n$/.exec(serve) ?? [];
    const json = readSnippet('docs/configuration.md', 'json providers');
    for (const PROVIDERS of [entries, json]) {
      expect(parseSettings({ PROVIDERS }).registry.providers.get('lab')?.token).toBe('s3cret');
    }
  });
});
