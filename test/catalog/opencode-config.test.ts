import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { SAM_DESKTOP_MODELS } from '../../demo/fleet-models.ts';
import type { Catalog } from '../../src/catalog/catalog.ts';
import type { CatalogModel } from '../../src/catalog/model.ts';
import { toOpencodeConfig } from '../../src/catalog/opencode-config.ts';
import type { OpencodeLimit } from '../../src/catalog/opencode-schema.ts';
import { inputs } from '../fuzz.ts';
import { groupOf, modelOf } from './samples.ts';

function catalogOf(models: readonly CatalogModel[], labels: Record<string, string> = {}): Catalog {
  const names = [...new Set([...models.map(({ provider }) => provider), ...Object.keys(labels)])];
  const providers = names.map((name) =>
    groupOf(name, {
      label: labels[name] ?? name,
      models: models.filter(({ provider }) => provider === name),
    }),
  );
  const favorites = models.filter(({ favorite }) => favorite);
  return {
    generatedAt: '2026-11-22T10:00:01.000Z',
    defaultModel: null,
    favorites,
    hiddenFavorites: 0,
    providers,
  };
}

const options = {
  baseUrl: 'http://paddock:8400',
  needsKey: false,
  model: null,
  smallModel: null,
};
const modelsOf = (catalog: Catalog) => toOpencodeConfig(catalog, options).provider.paddock.models;
const limitOf = (contextWindow: number | null) =>
  modelsOf(catalogOf([modelOf('lab/a', { contextWindow })]))['lab/a']?.limit;

test('has Paddock as the only provider', () => {
  expect(toOpencodeConfig(catalogOf([modelOf('lab/a')], { lab: 'Lab server' }), options)).toEqual({
    $schema: 'https://opencode.ai/config.json',
    provider: {
      paddock: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Paddock',
        options: { baseURL: 'http://paddock:8400/v1', headerTimeout: false },
        models: { 'lab/a': { name: 'a (Lab server)' } },
      },
    },
    model: 'paddock/lab/a',
  });
});

test('has opencode send the key of its environment when Paddock needs one', () => {
  const { provider } = toOpencodeConfig(catalogOf([]), { ...options, needsKey: true });
  expect(provider.paddock.options).toEqual({
    baseURL: 'http://paddock:8400/v1',
    apiKey: '{env:PADDOCK_API_KEY}',
    headerTimeout: false,
  });
});

test('has no models for an empty catalog', () => {
  expect(modelsOf(catalogOf([]))).toEqual({});
});

describe('models', () => {
  it('are listed by composite ID, favorites first, each once', () => {
    const ids = ['lab/b', 'lab/a', 'desk/a', 'desk/vendor/Model 8B:Q4', 'nas/vendor/a', 'desk/42'];
    const favorites = ['desk/42', 'lab/a'];
    const catalog = catalogOf(ids.map((id) => modelOf(id, { favorite: favorites.includes(id) })));
    const starred = {
      ...catalog,
      favorites: favorites.map((id) => modelOf(id, { favorite: true })),
    };
    expect(Object.keys(modelsOf(starred))).toEqual([
      'desk/42',
      'lab/a',
      'lab/b',
      'desk/a',
      'desk/vendor/Model 8B:Q4',
      'nas/vendor/a',
    ]);
  });

  it('have the label of their provider in their names', () => {
    const name = 'Qwen3.6 27B';
    const catalog = catalogOf([modelOf('desk/q', { name }), modelOf('lab/q', { name })], {
      desk: "Sam's desktop",
      lab: 'Lab server',
    });
    expect(modelsOf(catalog)).toEqual({
      'desk/q': { name: "Qwen3.6 27B (Sam's desktop)" },
      'lab/q': { name: 'Qwen3.6 27B (Lab server)' },
    });
  });

  it('have their IDs in their names when name and label are ambiguous', () => {
    const name = 'Qwen';
    const catalog = catalogOf(
      [modelOf('a/q', { name }), modelOf('b/q', { name }), modelOf('a/r', { name: 'R' })],
      { a: 'GPU', b: 'GPU' },
    );
    expect(modelsOf(catalog)).toEqual({
      'a/q': { name: 'Qwen (a/q)' },
      'b/q': { name: 'Qwen (b/q)' },
      'a/r': { name: 'R (GPU)' },
    });
  });

  it('accept images when their upstream reports vision, and claim nothing else', () => {
    const catalog = catalogOf([
      modelOf('lab/vision', { capabilities: ['function_calling', 'vision'] }),
      modelOf('lab/tools', { capabilities: ['function_calling'] }),
    ]);
    expect(modelsOf(catalog)).toEqual({
      'lab/vision': {
        name: 'vision (lab)',
        attachment: true,
        modalities: { input: ['text', 'image'], output: ['text'] },
      },
      'lab/tools': { name: 'tools (lab)' },
    });
  });
});

describe('default models', () => {
  const demo = () =>
    catalogOf(
      SAM_DESKTOP_MODELS.toReversed().map(({ id, capabilities = [] }) =>
        modelOf(`desk/${id}`, { capabilities }),
      ),
    );

  it('are the first that chats, and models with other purposes are left out', () => {
    const { model, provider } = toOpencodeConfig(demo(), options);
    expect(model).toBe('paddock/desk/devstral-small-2-24b');
    expect(Object.keys(provider.paddock.models)).toEqual([
      'desk/devstral-small-2-24b',
      'desk/unsloth/Qwen3.6-35B-A3B-GGUF',
      'desk/qwen3-vl:8b',
      'desk/gemma-4-12b-it',
      'desk/gpt-oss-20b',
      'desk/qwen3.6-27b',
    ]);
  });

  it('are none if no model chats', () => {
    const catalog = catalogOf([modelOf('lab/whisper-1'), modelOf('lab/nomic-embed-text')]);
    const config = toOpencodeConfig(catalog, options);
    expect([config.model, config.provider.paddock.models]).toEqual([undefined, {}]);
  });

  it('are listed if the settings name one that does not chat', () => {
    const catalog = catalogOf([modelOf('lab/whisper-1'), modelOf('lab/a')]);
    const config = toOpencodeConfig(catalog, { ...options, model: 'lab/whisper-1' });
    expect(config.model).toBe('paddock/lab/whisper-1');
    expect(Object.keys(config.provider.paddock.models)).toEqual(['lab/a', 'lab/whisper-1']);
  });

  it('are opencode references', () => {
    const catalog = catalogOf([modelOf('lab/vendor/a'), modelOf('paddock/b')]);
    const config = toOpencodeConfig(catalog, {
      ...options,
      model: 'lab/vendor/a',
      smallModel: 'paddock/b',
    });
    expect(config).toMatchObject({
      model: 'paddock/lab/vendor/a',
      small_model: 'paddock/paddock/b',
    });
    expect(Object.keys(config.provider.paddock.models)).toHaveLength(2);
  });

  it('are listed although their provider is offline', () => {
    const config = toOpencodeConfig(catalogOf([modelOf('lab/a')]), {
      ...options,
      model: 'desk/offline',
      smallModel: 'desk/offline',
    });
    expect(config.provider.paddock.models).toEqual({
      'lab/a': { name: 'a (lab)' },
      'desk/offline': { name: 'desk/offline' },
    });
  });
});

// How opencode 1.18.33 uses a limit with its default settings (session/overflow.ts).
const requestedOutput = ({ output }: OpencodeLimit) => Math.min(output, 32_000) || 32_000;
const compactsAt = (limit: OpencodeLimit) =>
  limit.input
    ? limit.input - Math.min(20_000, requestedOutput(limit))
    : limit.context - requestedOutput(limit);
// Tokens of its prompt and tools in an empty folder.
const OWN_PROMPT = 7700;

describe('a limit', () => {
  it.each([
    [null, undefined],
    [4096, { context: 4096, input: 36_096, output: 512 }],
    [8192, { context: 8192, input: 40_192, output: 1024 }],
    [12_288, { context: 12_288, output: 1536 }],
    [16_384, { context: 16_384, output: 2096 }],
    [32_768, { context: 32_768, output: 6192 }],
    [65_536, { context: 65_536, output: 14_384 }],
    [131_072, { context: 131_072, output: 30_768 }],
    [262_144, { context: 262_144, output: 63_536 }],
  ])('for a window of %s tokens is %o', (window, limit) => {
    expect(limitOf(window)).toEqual(limit);
  });

  test('leaves room for an answer in any window, and never makes opencode compact its own prompt', () => {
    const windows = fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 2e6 }));
    const property = fc.property(windows, (window) => {
      const limit = limitOf(window)!;
      expect(limit.context).toBe(window);
      expect(limit.output).toBeGreaterThanOrEqual(window / 8);
      expect(limit.output).toBeLessThanOrEqual(Math.ceil(window / 4));
      // opencode never compacts when the threshold is at or beyond the window.
      const room = Math.min(compactsAt(limit), window) - OWN_PROMPT;
      if (window > OWN_PROMPT) expect(room).toBeGreaterThan(0);
      if (compactsAt(limit) < window) expect(room).toBeGreaterThan(2000);
    });
    fc.assert(property, inputs(500));
  });
});
