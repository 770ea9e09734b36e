import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/registry/kinds/kinds.ts';
import type { ProviderKind } from '../../src/registry/provider-kind.ts';
import { SettingsError } from '../../src/settings/settings-error.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { findDeadPort, json, modelList, startHost, whileTesting } from '../hosts.ts';
import { makeApp } from '../make-app.ts';

/** A kind that Paddock does not have: everything that a new kind declares. */
const barn: ProviderKind = {
  name: 'barn',
  httpPort: 4321,
  can: { running: true, unload: false, upstream: false },
  maxTokens: false,
  anthropicBase: '/claude',
  settings: { address: 'BARN_URL', key: 'BARN_KEY', timeout: 'BARN_TIMEOUT' },
  contextWindows: { 'barn-large': 77_000 },
  readRelease: null,
};
const kinds = [...KINDS, barn];

async function startBarn() {
  const host = await whileTesting(
    startHost({
      '/v1/models': json(modelList('barn-large', 'small')),
      '/running': json({ running: [{ model: 'small', state: 'ready', cmd: '-c 4096' }] }),
      '/claude/v1/messages': json({ type: 'message' }),
    }),
  );
  const app = makeApp({ PROVIDERS: `b=barn://127.0.0.1:${host.port}` }, { kinds });
  return { host, app };
}

describe('a new kind', () => {
  it('has schemes for http and https', () => {
    const { registry } = parseSettings({ PROVIDERS: 'a=barn://x b=barns://x' }, { kinds });
    const rows = [...registry.providers.values()].map(({ kind, baseUrl }) => [kind, baseUrl]);
    expect(rows).toEqual([
      [barn, 'http://x:4321'],
      [barn, 'https://x'],
    ]);
    expect(registry.defaultProvider).toBe('a');
  });

  it('is unknown unless it is registered', () => {
    const parse = () => parseSettings({ PROVIDERS: 'a=barn://x' });
    expect(parse).toThrow(/with the scheme llama-swap, llama-swaps, openai or openais$/);
    expect(parse).toThrow(SettingsError);
    const misspelt = () => parseSettings({ PROVIDERS: 'a=barm://x' }, { kinds });
    expect(misspelt).toThrow(/openais, barn or barns$/);
  });

  it('is listed with its capabilities, and probed for loaded models', async () => {
    const { app, host } = await startBarn();
    const { providers } = await app.read('/api/models');
    expect(providers).toMatchObject([{ kind: 'barn', can: barn.can, status: 'online' }]);
    expect(providers[0].models).toMatchObject([
      { id: 'b/barn-large', state: 'stopped', contextWindow: 77_000, contextSource: 'static' },
      { id: 'b/small', state: 'ready', contextWindow: 4096, contextSource: 'loaded' },
    ]);
    expect(host.asked.toSorted()).toEqual(['/running', '/v1/models']);
    const { providers: rows } = await app.read('/api/providers');
    expect(rows).toMatchObject([{ kind: 'barn', can: barn.can, modelCount: 2 }]);
    expect(await app.read('/api/resolve?model=small')).toMatchObject({ kind: 'barn' });
  });

  it('gets Anthropic requests at its anthropicBase', async () => {
    const { app, host } = await startBarn();
    const body = JSON.stringify({ model: 'small', messages: [] });
    const headers = { 'content-type': 'application/json' };
    const answer = await app.ask('/v1/messages', { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    expect(host.asked).toEqual(['/claude/v1/messages']);
  });

  it('answers 409 for capabilities that it lacks, and serves the others', async () => {
    const { app, host } = await startBarn();
    const send = async (path: string, method: string) => {
      const answer = await app.ask(path, { method });
      return [answer.status, ((await answer.json()) as any).error?.message];
    };
    expect(await send('/api/providers/b/running', 'GET')).toEqual([200, undefined]);
    expect(await send('/api/providers/b/unload', 'POST')).toEqual([
      409,
      'b is of kind barn, which cannot report or unload loaded models.',
    ]);
    expect(await send('/upstream/b/small/', 'GET')).toEqual([
      409,
      'b is of kind barn, which has no /upstream/: call its models through /v1/.',
    ]);
    expect(host.asked).toEqual(['/running']);
  });

  it('is diagnosed without a check of its release, and named by its settings in errors', async () => {
    const { app, host } = await startBarn();
    const { ok, hosts } = await app.read('/api/doctor');
    expect([ok, hosts[0].kind, hosts[0].can, hosts[0].release]).toEqual([
      true,
      'barn',
      barn.can,
      null,
    ]);
    expect(host.asked).not.toContain('/api/version');

    const PROVIDERS = `b=barn://127.0.0.1:${await findDeadPort()}`;
    const offline = await makeApp({ PROVIDERS }, { kinds }).read('/api/providers');
    expect(offline.providers[0].error.message).toMatch(/its host and port in BARN_URL/);
  });
});

it('no source file compares names of kinds', () => {
  const names = KINDS.map(({ name }) => name).join('|');
  const comparison = new RegExp(
    `kind\\)?\\??\\s*[!=]==\\s*['"\`](?:${names})|PROVIDER_KINDS|case '(?:${names})'`,
    'u',
  );
  const root = join(import.meta.dirname, '../..');
  const files = ['src', 'ui', 'demo'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => join(root, folder, path)),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(files.filter((path) => comparison.test(readFileSync(path, 'utf8')))).toEqual([]);
  expect("provider.kind === 'openai'").toMatch(comparison);
});
