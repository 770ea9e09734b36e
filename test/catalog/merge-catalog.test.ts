import { describe, expect, it, test } from 'vitest';
import { findListed } from '../../src/catalog/find-listed.ts';
import { mergeCatalog, type CatalogParts } from '../../src/catalog/merge-catalog.ts';
import { finish } from '../../src/steps.ts';
import { readModelList } from './read-list.ts';
import type { CheckedResult, Snapshot } from '../../src/catalog/snapshot.ts';
import { parseSettings } from '../../src/settings/settings.ts';

const AT = '2026-11-22T10:00:00.000Z';
const EARLIER = '2026-11-22T09:59:58.000Z';
const { registry } = parseSettings({
  PROVIDERS: `desk=llama-swap://key@desk?label=Desktop&sidecar=http://proxy:9000
    lab=openai://lab?context=4096 nas=llama-swap://nas new=openai://new`,
  DEFAULT_PROVIDER: 'lab',
  MODEL_ALIASES: 'fast=desk/a vendor/x=desk/a gone=desk/gone',
});

function online(...records: object[]): CheckedResult {
  const models = readModelList({ data: records }, { provider: 'any', running: null }) ?? [];
  const loaded = new Map([['a10', { command: null, server: 4096, inputs: null }]]);
  return {
    status: 'online',
    error: null,
    latencyMs: 12,
    models,
    loaded,
    checkedAt: AT,
    lastSeenAt: AT,
  };
}

const offline: CheckedResult = {
  status: 'offline',
  error: { code: 'provider_timeout', message: 'nas did not answer.' },
  latencyMs: null,
  models: [],
  loaded: new Map(),
  checkedAt: EARLIER,
  lastSeenAt: AT,
};
const listedA = {
  id: 'a',
  name: 'Model A',
  description: 'The first',
  context_length: 8192,
  status: { value: 'unloaded' },
  capabilities: { vision: true },
  meta: { llamaswap: { aliases: ['small'] } },
};
const snapshot: Snapshot = {
  takenAt: AT,
  results: new Map([
    ['nas', offline],
    ['lab', online({ id: 'a' }, { id: 'vendor/b', context_length: 100 })],
    ['desk', online(listedA, { id: 'a10' }, { id: 'a9' }, { id: 'a11' })],
  ]),
  learned: new Map([['desk/a9', { tokens: 2048, command: null, inputs: null }]]),
};

function merge(parts: Partial<CatalogParts> = {}) {
  const none: CatalogParts = {
    registry,
    snapshot,
    defaultModel: null,
    favorites: { ids: [] },
    demo: false,
    upstreamPort: null,
  };
  return finish(mergeCatalog({ ...none, ...parts }));
}

const ids = (models: readonly { id: string }[]) => models.map(({ id }) => id);

describe('provider groups', () => {
  test('keep the order of the settings, and models the order of the list', () => {
    const groups = merge().providers.map(({ name, models }) => [name, ids(models)]);
    expect(groups).toEqual([
      ['desk', ['desk/a', 'desk/a9', 'desk/a10', 'desk/a11']],
      ['lab', ['lab/a', 'lab/vendor/b']],
      ['nas', []],
      ['new', []],
    ]);
  });

  test('describe their provider, and never show its address or token', () => {
    const catalog = merge();
    const { models: _, ...desk } = catalog.providers[0] ?? { models: [] };
    expect(desk).toEqual({
      name: 'desk',
      label: 'Desktop',
      kind: 'llama-swap',
      default: false,
      sidecar: true,
      can: { running: true, load: true, unload: true, upstream: true, logs: true },
      status: 'online',
      error: null,
      checkedAt: AT,
      lastSeenAt: AT,
      latencyMs: 12,
    });
    expect(JSON.stringify(catalog)).not.toMatch(/proxy:9000|"key"|8080/);
  });

  test('have upstreamPort when it is set and the kind has web pages', () => {
    const ports = (upstreamPort: number | null) =>
      merge({ upstreamPort }).providers.map((group) => group.upstreamPort);
    expect(ports(null)).toEqual(ports(8401).map(() => undefined));
    const kinds = merge().providers.map(({ kind }) => (kind === 'llama-swap' ? 8401 : undefined));
    expect(ports(8401)).toEqual(kinds);
    expect(new Set(kinds).size).toBe(2);
  });

  test('stay when a provider is offline, with the error and the times', () => {
    expect(merge().providers[2]).toEqual({
      name: 'nas',
      label: 'nas',
      kind: 'llama-swap',
      default: false,
      sidecar: false,
      can: { running: true, load: true, unload: true, upstream: true, logs: true },
      status: 'offline',
      error: { code: 'provider_timeout', message: 'nas did not answer.' },
      checkedAt: EARLIER,
      lastSeenAt: AT,
      latencyMs: null,
      models: [],
    });
  });

  test('stay when a provider was never probed', () => {
    const group = merge().providers[3];
    expect(group).toMatchObject({
      status: 'offline',
      checkedAt: null,
      lastSeenAt: null,
      latencyMs: null,
      models: [],
    });
    expect(group?.error?.message).not.toBe('');
  });

  test('mark one provider as default', () => {
    const defaults = merge().providers.filter((group) => group.default);
    expect(defaults.map(({ name }) => name)).toEqual(['lab']);
  });

  test('leave out a provider that is no longer in the settings', () => {
    const results = new Map([...snapshot.results, ['old', online({ id: 'a' })] as const]);
    const catalog = merge({ snapshot: { ...snapshot, results } });
    expect(JSON.stringify(catalog)).not.toContain('old/a');
  });
});

describe('a catalog model', () => {
  test('has what its upstream reports and the settings add', () => {
    expect(merge().providers[0]?.models[0]).toEqual({
      id: 'desk/a',
      provider: 'desk',
      model: 'a',
      name: 'Model A',
      description: 'The first',
      kind: 'model',
      peer: null,
      favorite: false,
      state: 'stopped',
      contextWindow: 8192,
      contextSource: 'declared',
      aliases: ['small', 'fast', 'vendor/x'],
      capabilities: ['vision'],
      modalities: { input: [], output: [] },
      alsoOn: ['lab/a'],
    });
  });

  it.each([
    ['that declares one', 'desk/a', [8192, 'declared']],
    ['that is loaded', 'desk/a10', [4096, 'loaded']],
    ['that was loaded earlier', 'desk/a9', [2048, 'learned']],
    ['without any source', 'desk/a11', [null, 'unknown']],
    [
      'that declares one, of a provider with a configured one',
      'lab/vendor/b',
      [4096, 'configured'],
    ],
    ['of a provider with a configured one', 'lab/a', [4096, 'configured']],
  ])('%s has the right context window', (...[, id, expected]) => {
    const model = merge()
      .providers.flatMap(({ models }) => models)
      .find((candidate) => candidate.id === id);
    expect([model?.contextWindow, model?.contextSource]).toEqual(expected);
  });

  test('links the models of the same name, in the order of the settings', () => {
    const results = new Map(
      ['new', 'nas', 'lab', 'desk'].map((name) => [name, online({ id: 'q' })]),
    );
    const { providers } = merge({ snapshot: { ...snapshot, results } });
    expect(providers.map(({ models }) => models[0]?.alsoOn)).toEqual([
      ['lab/q', 'nas/q', 'new/q'],
      ['desk/q', 'nas/q', 'new/q'],
      ['desk/q', 'lab/q', 'new/q'],
      ['desk/q', 'lab/q', 'nas/q'],
    ]);
  });

  const peer = (id: string, peerID: string) => ({ id, meta: { llamaswap: { peerID } } });
  it.each([
    ['named with its prefix, since v242', peer('lab/q', 'lab'), ['lab/q']],
    ['named without a prefix, before v242', peer('q', 'lab'), ['lab/q']],
    ['named by an alias', peer('lab/quick', 'lab'), ['lab/q']],
    ['whose model the provider does not list', peer('lab/gone', 'lab'), []],
    ['that no provider is named after', peer('far/q', 'far'), []],
    ['named like the provider that lists it', peer('desk/q', 'desk'), []],
    ['with a slash in its peer ID', peer('lab/q/q', 'lab/q'), []],
  ])('of a peer is linked with the provider of that name: %s', (_, record, alsoOn) => {
    const q = { id: 'q', meta: { llamaswap: { aliases: ['quick'] } } };
    const results = new Map([
      ['desk', online(record)],
      ['lab', online(q)],
    ]);
    const { providers } = merge({ snapshot: { ...snapshot, results } });
    expect(providers[0]?.models[0]?.alsoOn).toEqual(alsoOn);
    const back = alsoOn.length > 0 ? [`desk/${record.id}`] : [];
    expect(providers[1]?.models[0]?.alsoOn).toEqual(back);
  });

  test('of a peer is linked with all models of its name, each once', () => {
    const results = new Map([
      ['desk', online(peer('lab/q', 'lab'), { id: 'q' })],
      ['lab', online({ id: 'q' })],
      ['nas', online(peer('q', 'lab'))],
    ]);
    const { providers } = merge({ snapshot: { ...snapshot, results } });
    const found = providers.flatMap(({ models }) => models.map(({ id, alsoOn }) => [id, alsoOn]));
    expect(Object.fromEntries(found)).toEqual({
      'desk/lab/q': ['lab/q'],
      'desk/q': ['lab/q', 'nas/q'],
      'lab/q': ['desk/q', 'nas/q', 'desk/lab/q'],
      'nas/q': ['desk/q', 'lab/q'],
    });
  });

  it.each(['__proto__', 'constructor', 'toString'])('may be named %s', (name) => {
    const results = new Map([['desk', online({ id: name })]]);
    const catalog = merge({
      snapshot: { ...snapshot, results },
      favorites: { ids: [`desk/${name}`] },
    });
    expect(catalog.favorites).toMatchObject([{ model: name, alsoOn: [], favorite: true }]);
  });
});

describe('favorites', () => {
  test('come first in their own order, and remain in their groups', () => {
    const catalog = merge({ favorites: { ids: ['lab/vendor/b', 'desk/a10', 'desk/a'] } });
    expect(ids(catalog.favorites)).toEqual(['lab/vendor/b', 'desk/a10', 'desk/a']);
    expect(catalog.hiddenFavorites).toBe(0);
    const starred = catalog.providers.flatMap(({ models }) => models.filter((m) => m.favorite));
    expect(ids(starred)).toEqual(['desk/a', 'desk/a10', 'lab/vendor/b']);
    expect(catalog.favorites[2]).toEqual(catalog.providers[0]?.models[0]);
  });

  test('are counted as hidden while no provider lists them, and return with their provider', () => {
    const favorites = { ids: ['nas/q', 'desk/a', 'old/q', 'a'] };
    const before = merge({ favorites });
    expect([ids(before.favorites), before.hiddenFavorites]).toEqual([['desk/a'], 3]);
    const results = new Map([...snapshot.results, ['nas', online({ id: 'q' })] as const]);
    const after = merge({ favorites, snapshot: { ...snapshot, results } });
    expect([ids(after.favorites), after.hiddenFavorites]).toEqual([['nas/q', 'desk/a'], 2]);
  });

  test('that cannot be read leave the catalog whole, with the error', () => {
    const error = { code: 'database_unavailable', message: 'The database is unavailable.' };
    const catalog = merge({ favorites: { error } });
    expect(catalog).toMatchObject({ favorites: [], hiddenFavorites: 0, favoritesError: error });
    expect(catalog.providers[0]?.models).toHaveLength(4);
  });

  test('that could be read add no error', () => {
    expect(merge()).not.toHaveProperty('favoritesError');
  });
});

describe('mergeCatalog', () => {
  it.each([
    ['none', null, null],
    ['one that is listed', 'desk/a', { id: 'desk/a', available: true }],
    ['one that is not listed', 'desk/gone', { id: 'desk/gone', available: false }],
    ['one of an offline provider', 'nas/q', { id: 'nas/q', available: false }],
  ])('reports whether the default model is available: %s', (...[, defaultModel, expected]) => {
    expect(merge({ defaultModel }).defaultModel).toEqual(expected);
  });

  test('sets the time of the snapshot', () => {
    expect(merge().generatedAt).toBe(AT);
  });

  test('marks a demo, and nothing else', () => {
    expect(merge({ demo: true }).demo).toBe(true);
    expect(merge()).not.toHaveProperty('demo');
  });
});

describe('findListed', () => {
  it.each([
    ['desk/a', 'a'],
    ['lab/vendor/b', 'vendor/b'],
  ])('finds a model by its ID: %s', (id, model) => {
    expect(findListed(id, snapshot)).toMatchObject({ model });
  });

  it.each(['desk/b', 'nas/a', 'new/a', 'old/a', 'a', '', 'desk/', 'lab/b'])(
    'answers null for an ID that no provider lists: "%s"',
    (id) => {
      expect(findListed(id, snapshot)).toBeNull();
    },
  );

  test('answers null before the first probe', () => {
    expect(findListed('desk/a', null)).toBeNull();
  });
});
