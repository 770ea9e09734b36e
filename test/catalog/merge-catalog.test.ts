import { describe, expect, it, test } from 'vitest';
import { findListed } from '../../src/catalog/find-listed.ts';
import { mergeCatalog, type CatalogParts } from '../../src/catalog/merge-catalog.ts';
import { readModelList } from '../../src/catalog/read-model-list.ts';
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

const away: CheckedResult = {
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
    ['nas', away],
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
  };
  return mergeCatalog({ ...none, ...parts });
}

const ids = (models: readonly { id: string }[]) => models.map(({ id }) => id);

describe('the groups', () => {
  test('keep the order of the settings, and models the order of the list', () => {
    const groups = merge().providers.map(({ name, models }) => [name, ids(models)]);
    expect(groups).toEqual([
      ['desk', ['desk/a', 'desk/a9', 'desk/a10', 'desk/a11']],
      ['lab', ['lab/a', 'lab/vendor/b']],
      ['nas', []],
      ['new', []],
    ]);
  });

  test('say what is known of their provider, and never its address or token', () => {
    const catalog = merge();
    const { models: _, ...desk } = catalog.providers[0] ?? { models: [] };
    expect(desk).toEqual({
      name: 'desk',
      label: 'Desktop',
      kind: 'llama-swap',
      default: false,
      sidecar: true,
      can: { running: true, unload: true, upstream: true },
      status: 'online',
      error: null,
      checkedAt: AT,
      lastSeenAt: AT,
      latencyMs: 12,
    });
    expect(JSON.stringify(catalog)).not.toMatch(/proxy:9000|"key"|8080/);
  });

  test('name the port of their own web pages where it is set and they have some', () => {
    const ports = (upstreamPort: number | null) =>
      merge({ upstreamPort }).providers.map((group) => group.upstreamPort);
    expect(ports(null)).toEqual(ports(8401).map(() => undefined));
    const kinds = merge().providers.map(({ kind }) => (kind === 'llama-swap' ? 8401 : undefined));
    expect(ports(8401)).toEqual(kinds);
    expect(new Set(kinds).size).toBe(2);
  });

  test('stay where a provider cannot be reached, with the reason and the time', () => {
    expect(merge().providers[2]).toEqual({
      name: 'nas',
      label: 'nas',
      kind: 'llama-swap',
      default: false,
      sidecar: false,
      can: { running: true, unload: true, upstream: true },
      status: 'offline',
      error: { code: 'provider_timeout', message: 'nas did not answer.' },
      checkedAt: EARLIER,
      lastSeenAt: AT,
      latencyMs: null,
      models: [],
    });
  });

  test('stay where a provider was never checked', () => {
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

  test('name one default', () => {
    const defaults = merge().providers.filter((group) => group.default);
    expect(defaults.map(({ name }) => name)).toEqual(['lab']);
  });

  test('leave out who is no longer in the settings', () => {
    const results = new Map([...snapshot.results, ['old', online({ id: 'a' })] as const]);
    const catalog = merge({ snapshot: { ...snapshot, results } });
    expect(JSON.stringify(catalog)).not.toContain('old/a');
  });
});

describe('a model', () => {
  test('is shown with all that its host and the settings say of it', () => {
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
    ['declares one', 'desk/a', [8192, 'declared']],
    ['is loaded now', 'desk/a10', [4096, 'loaded']],
    ['was loaded once', 'desk/a9', [2048, 'learned']],
    ['nobody knows anything of', 'desk/a11', [null, 'unknown']],
    ['declares one beside a configured one', 'lab/vendor/b', [4096, 'configured']],
    ['is on a provider with a configured one', 'lab/a', [4096, 'configured']],
  ])('that %s has the right context window', (...[, id, expected]) => {
    const model = merge()
      .providers.flatMap(({ models }) => models)
      .find((candidate) => candidate.id === id);
    expect([model?.contextWindow, model?.contextSource]).toEqual(expected);
  });

  test('names all others of its name, in the order of the settings', () => {
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
    ['with its name before it, since v242', peer('lab/q', 'lab'), ['lab/q']],
    ['bare, as before', peer('q', 'lab'), ['lab/q']],
    ['by an alias', peer('lab/quick', 'lab'), ['lab/q']],
    ['of a model that it does not list', peer('lab/gone', 'lab'), []],
    ['that nobody in the settings is called', peer('far/q', 'far'), []],
    ['called as its own provider', peer('desk/q', 'desk'), []],
    ['with a slash in its name', peer('lab/q/q', 'lab/q'), []],
  ])('of a peer is linked with its own provider: %s', (_, record, alsoOn) => {
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

  test('of a peer is linked with all of its name, each once', () => {
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

  it.each(['__proto__', 'constructor', 'toString'])('may be called %s', (name) => {
    const results = new Map([['desk', online({ id: name })]]);
    const catalog = merge({
      snapshot: { ...snapshot, results },
      favorites: { ids: [`desk/${name}`] },
    });
    expect(catalog.favorites).toMatchObject([{ model: name, alsoOn: [], favorite: true }]);
  });
});

describe('favorites', () => {
  test('come first in their own order, and stand in their groups as well', () => {
    const catalog = merge({ favorites: { ids: ['lab/vendor/b', 'desk/a10', 'desk/a'] } });
    expect(ids(catalog.favorites)).toEqual(['lab/vendor/b', 'desk/a10', 'desk/a']);
    expect(catalog.hiddenFavorites).toBe(0);
    const starred = catalog.providers.flatMap(({ models }) => models.filter((m) => m.favorite));
    expect(ids(starred)).toEqual(['desk/a', 'desk/a10', 'lab/vendor/b']);
    expect(catalog.favorites[2]).toEqual(catalog.providers[0]?.models[0]);
  });

  test('that are not listed now are counted as hidden, and return by themselves', () => {
    const favorites = { ids: ['nas/q', 'desk/a', 'old/q', 'a'] };
    const before = merge({ favorites });
    expect([ids(before.favorites), before.hiddenFavorites]).toEqual([['desk/a'], 3]);
    const results = new Map([...snapshot.results, ['nas', online({ id: 'q' })] as const]);
    const after = merge({ favorites, snapshot: { ...snapshot, results } });
    expect([ids(after.favorites), after.hiddenFavorites]).toEqual([['nas/q', 'desk/a'], 2]);
  });

  test('that are not known leave the catalog whole, with the reason', () => {
    const error = { code: 'database_unavailable', message: 'The database is away.' };
    const catalog = merge({ favorites: { error } });
    expect(catalog).toMatchObject({ favorites: [], hiddenFavorites: 0, favoritesError: error });
    expect(catalog.providers[0]?.models).toHaveLength(4);
  });

  test('that are known come with no error', () => {
    expect(merge()).not.toHaveProperty('favoritesError');
  });
});

describe('the catalog', () => {
  it.each([
    ['none', null, null],
    ['one that is listed', 'desk/a', { id: 'desk/a', available: true }],
    ['one that is not listed', 'desk/gone', { id: 'desk/gone', available: false }],
    ['one of a provider that is away', 'nas/q', { id: 'nas/q', available: false }],
  ])('says of the default model whether it is there: %s', (...[, defaultModel, expected]) => {
    expect(merge({ defaultModel }).defaultModel).toEqual(expected);
  });

  test('says when it was put together', () => {
    expect(merge().generatedAt).toBe(AT);
  });

  test('says that it is a demo only where it is', () => {
    expect(merge({ demo: true }).demo).toBe(true);
    expect(merge()).not.toHaveProperty('demo');
  });
});

describe('a listed model', () => {
  it.each([
    ['desk/a', 'a'],
    ['lab/vendor/b', 'vendor/b'],
  ])('is found by its ID: %s', (id, model) => {
    expect(findListed(id, snapshot)).toMatchObject({ model });
  });

  it.each(['desk/b', 'nas/a', 'new/a', 'old/a', 'a', '', 'desk/', 'lab/b'])(
    'is not found where nobody lists it: "%s"',
    (id) => {
      expect(findListed(id, snapshot)).toBeNull();
    },
  );

  test('is not found where nobody was ever probed', () => {
    expect(findListed('desk/a', null)).toBeNull();
  });
});
