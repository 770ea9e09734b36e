import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { openAiListAnswer } from '../../src/catalog/openai-models.ts';
import {
  renderCatalog,
  renderModelList,
  renderProviders,
  type Rendering,
} from '../../src/catalog/render-catalog.ts';
import { finish, type Steps } from '../../src/steps.ts';
import { inputs } from '../fuzz.ts';
import { groupOf, modelOf } from './samples.ts';

const KNOWN = { state: 'ready', contextWindow: 8192, contextSource: 'declared' } as const;

const star = modelOf('lab/star', {
  state: 'ready',
  favorite: true,
  contextWindow: null,
  contextSource: 'unknown',
});
const desk = groupOf('desk', { models: [modelOf('desk/a', KNOWN)] });
const lab = groupOf('lab', { models: [modelOf('lab/b', KNOWN), star] });
const timeout = { code: 'provider_timeout', message: 'nas did not answer.' };
const nas = groupOf('nas', {
  status: 'offline',
  error: timeout,
  checkedAt: null,
  lastSeenAt: null,
  latencyMs: null,
});
const catalog: Catalog = {
  generatedAt: '2026-11-22T10:00:01.000Z',
  defaultModel: { id: 'desk/a', available: true },
  favorites: [star],
  hiddenFavorites: 2,
  demo: true,
  providers: [desk, lab, nas],
};

const toCatalogText = (given: Catalog) =>
  join(renderCatalog({ ...given, details: new Map(), running: [] }));
const toProvidersText = (given: Catalog) => join(renderProviders(given));

function join(rendering: Rendering | Steps<Rendering>) {
  const { body, identity } = 'body' in rendering ? rendering : finish(rendering);
  return { body: body.join(''), identity: identity.join('') };
}

describe('renderCatalog', () => {
  it.each<[string, Catalog]>([
    ['with groups', catalog],
    ['without providers', { ...catalog, providers: [] }],
    [
      'without models and providers',
      { ...catalog, defaultModel: null, favorites: [], providers: [] },
    ],
    ['with an error of the favorites', { ...catalog, favoritesError: timeout }],
  ])('writes a catalog %s as JSON', (_, given) => {
    expect(JSON.parse(toCatalogText(given).body)).toEqual(given);
  });

  test('writes any text as JSON', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\', '{}', '\u2028'),
    );
    const property = fc.property(text, text, (name, label) => {
      const models = [modelOf('desk/a', { name, description: label, aliases: [name] })];
      const given = { ...catalog, providers: [groupOf('desk', { label, models })] };
      expect(JSON.parse(toCatalogText(given).body)).toEqual(given);
    });
    fc.assert(property, inputs(500));
  });

  const times: [string, Catalog][] = [
    ['the catalog was generated', { ...catalog, generatedAt: '2027-01-01T00:00:00.000Z' }],
    ['a provider was checked', { ...catalog, providers: [{ ...desk, checkedAt: null }, lab, nas] }],
    [
      'a provider was last online',
      { ...catalog, providers: [{ ...desk, lastSeenAt: null }, lab, nas] },
    ],
    ['a probe took', { ...catalog, providers: [{ ...desk, latencyMs: 99 }, lab, nas] }],
  ];
  it.each(times)('keeps the identity when the time changes that %s', (_, other) => {
    for (const render of [toCatalogText, toProvidersText]) {
      expect(render(other).identity).toBe(render(catalog).identity);
    }
    expect(toCatalogText(other).body).not.toBe(toCatalogText(catalog).body);
  });

  const ready = modelOf('desk/a', { state: 'starting' });
  it.each<[string, Partial<Catalog>]>([
    ['the default model', { defaultModel: { id: 'desk/a', available: false } }],
    ['the favorites', { favorites: [] }],
    ['the number of hidden favorites', { hiddenFavorites: 3 }],
    ['the error of the favorites', { favoritesError: timeout }],
    ['the order of the providers', { providers: [lab, desk, nas] }],
    ['the number of providers', { providers: [desk, lab] }],
    ['a label', { providers: [{ ...desk, label: 'Desktop' }, lab, nas] }],
    ['a status', { providers: [desk, lab, { ...nas, status: 'invalid' }] }],
    ['an error', { providers: [desk, lab, { ...nas, error: null }] }],
    ['the state of a model', { providers: [{ ...desk, models: [ready] }, lab, nas] }],
    ['the number of models', { providers: [{ ...desk, models: [] }, lab, nas] }],
  ])('changes the identity with %s', (_, change) => {
    expect(toCatalogText({ ...catalog, ...change }).identity).not.toBe(
      toCatalogText(catalog).identity,
    );
  });
});

describe('renderProviders', () => {
  test('counts the models', () => {
    const { models: _, ...rest } = desk;
    const { providers } = JSON.parse(toProvidersText(catalog).body);
    expect(providers[0]).toEqual({ ...rest, modelCount: 1 });
    expect(providers.map((group: { modelCount: number }) => group.modelCount)).toEqual([1, 2, 0]);
  });

  test('changes the identity with the number of models', () => {
    const fewer = { ...catalog, providers: [{ ...desk, models: [] }, lab, nas] };
    expect(toProvidersText(fewer).identity).not.toBe(toProvidersText(catalog).identity);
  });
});

describe('renderModelList', () => {
  test('writes models as a list', () => {
    const [example] = openAiListAnswer.example.data;
    const models = [example!, { ...example!, id: 'other' }];
    expect(JSON.parse(join(renderModelList(models)).body)).toEqual({
      object: 'list',
      data: models,
    });
    expect(JSON.parse(join(renderModelList([])).body)).toEqual({ object: 'list', data: [] });
  });
});
