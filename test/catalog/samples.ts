// Minimal models and groups of a catalog.

import type { CatalogProvider } from '../../src/catalog/catalog.ts';
import type { CatalogModel } from '../../src/catalog/model.ts';
import { splitId } from '../../src/resolve/composite-id.ts';

/** A stopped model with nothing but its ID. */
export function modelOf(id: string, rest: Partial<CatalogModel> = {}): CatalogModel {
  const { provider, model } = splitId(id)!;
  return {
    id,
    provider,
    model,
    name: model,
    description: null,
    kind: 'model',
    peer: null,
    favorite: false,
    state: 'stopped',
    contextWindow: null,
    contextSource: 'unknown',
    aliases: [],
    capabilities: [],
    modalities: { input: [], output: [] },
    alsoOn: [],
    ...rest,
  };
}

/** An online provider without models. */
export function groupOf(name: string, rest: Partial<CatalogProvider> = {}): CatalogProvider {
  return {
    name,
    label: name,
    kind: 'llama-swap',
    default: false,
    sidecar: false,
    can: { running: true, load: true, unload: true, upstream: true, logs: true },
    status: 'online',
    error: null,
    checkedAt: '2026-11-22T10:00:00.000Z',
    lastSeenAt: '2026-11-22T10:00:00.000Z',
    latencyMs: 12,
    models: [],
    ...rest,
  };
}
