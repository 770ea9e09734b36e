import type { CatalogParts } from '../../src/catalog/merge-catalog.ts';
import { toModels } from '../../src/catalog/to-models.ts';
import { toRunningModels } from '../../src/registry/kinds/llama-swap-running.ts';
import type { CheckedResult } from '../../src/catalog/snapshot.ts';
import type { Provider } from '../../src/registry/provider.ts';
import { readRecords } from '../../src/registry/kinds/openai-records.ts';
import { finish } from '../../src/steps.ts';
import { createRegistry } from './create-registry.ts';
import { toModelList, toRunning } from './provider-answers.ts';

/** How many models each provider lists. */
export const MODELS_EACH = 100;

const TAKEN_AT = '2026-01-01T00:00:00.000Z';
const FAVORITES = 10;

/** The parts of a catalog whose providers have just been probed. */
export function createCatalogParts(providers: number): CatalogParts {
  const registry = createRegistry(providers);
  const results = new Map(
    [...registry.providers.values()].map((provider, index) => [
      provider.name,
      toResult(provider, index),
    ]),
  );
  const ids = [...results].flatMap(([name, { models }]) =>
    models.map(({ model }) => `${name}/${model}`),
  );
  const stride = Math.floor(ids.length / FAVORITES);
  return {
    registry,
    defaultModel: null,
    snapshot: { takenAt: TAKEN_AT, results, learned: new Map() },
    favorites: { ids: ids.filter((_, index) => index % stride === 0) },
    demo: false,
    upstreamPort: null,
  };
}

function toResult({ name }: Provider, index: number): CheckedResult {
  const running = toRunningModels(toRunning(index, MODELS_EACH).running);
  const list = { data: toModelList(index, MODELS_EACH).data, models: [] };
  const models = finish(toModels(finish(readRecords(list, name)), { running, pins: new Map() }));
  if (models.length !== MODELS_EACH) throw new Error(`${name}: its list was read wrongly`);
  return {
    status: 'online',
    error: null,
    latencyMs: 3,
    models,
    loaded: new Map(),
    checkedAt: TAKEN_AT,
    lastSeenAt: TAKEN_AT,
  };
}
