import type { Registry } from '../registry/registry.ts';
import { splitId } from '../resolve/composite-id.ts';
import type { ListedModel } from './model.ts';
import type { Snapshot } from './snapshot-source.ts';

/** The models of one list by their names. */
interface NameIndex {
  readonly byName: ReadonlyMap<string, ListedModel>;
  /** By the names that the provider itself gave them beside their own. */
  readonly byAlias: ReadonlyMap<string, ListedModel>;
}

/** Each list is searched many times, and never changes. */
const indexes = new WeakMap<readonly ListedModel[], NameIndex>();

/** Whether a model is listed now: null where its provider was never probed. */
export function isListed(
  id: string,
  { registry, snapshot }: { registry: Registry; snapshot: Snapshot | null },
): boolean | null {
  const name = splitId(id)?.provider ?? '';
  if (registry.providers.has(name) && !snapshot?.results.has(name)) return null;
  return findListed(id, snapshot) !== null;
}

/** A model as its provider last listed it, by composite ID. */
export function findListed(id: string, snapshot: Snapshot | null): ListedModel | null {
  const parts = splitId(id);
  return parts === null ? null : (toIndex(parts, snapshot)?.byName.get(parts.model) ?? null);
}

/** The same, also by one of the names that the host itself gave the model: whoever asks by it is answered too. */
export function findServed(id: string, snapshot: Snapshot | null): ListedModel | null {
  const parts = splitId(id);
  const index = parts === null ? null : toIndex(parts, snapshot);
  if (parts === null || index === null) return null;
  return index.byName.get(parts.model) ?? index.byAlias.get(parts.model) ?? null;
}

function toIndex({ provider }: { provider: string }, snapshot: Snapshot | null): NameIndex | null {
  const models = snapshot?.results.get(provider)?.models;
  if (models === undefined) return null;
  const index = indexes.get(models) ?? indexNames(models);
  indexes.set(models, index);
  return index;
}

function indexNames(models: readonly ListedModel[]): NameIndex {
  const byName = new Map(models.map((model) => [model.model, model]));
  const byAlias = new Map<string, ListedModel>();
  for (const model of models) {
    for (const alias of model.aliases) if (!byAlias.has(alias)) byAlias.set(alias, model);
  }
  return { byName, byAlias };
}
