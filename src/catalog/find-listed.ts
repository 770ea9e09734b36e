import type { Registry } from '../registry/registry.ts';
import { splitId } from '../resolve/composite-id.ts';
import type { ListedModel } from './model.ts';
import type { Snapshot } from './snapshot.ts';

/** The models of one list by their names. */
interface NameIndex {
  readonly byName: ReadonlyMap<string, ListedModel>;
  /** The models by their aliases at the provider. */
  readonly byAlias: ReadonlyMap<string, ListedModel>;
}

const EMPTY: readonly ListedModel[] = [];

/** Cached indexes: each list is searched many times and never changes. */
const indexes = new WeakMap<readonly ListedModel[], NameIndex>();

/** Whether a model is listed now; null if its provider was never probed. */
export function isListed(
  id: string,
  { registry, snapshot }: { registry: Registry; snapshot: Snapshot | null },
): boolean | null {
  const name = splitId(id)?.provider ?? '';
  if (registry.providers.has(name) && !snapshot?.results.has(name)) return null;
  return findListed(id, snapshot) !== null;
}

/** Finds a model by composite ID in its provider's last list. */
export function findListed(id: string, snapshot: Snapshot | null): ListedModel | null {
  const parts = splitId(id);
  if (parts === null) return null;
  return toIndex(toList(parts, snapshot)).byName.get(parts.model) ?? null;
}

/** Finds a model by composite ID, also by an alias of the provider: the provider serves requests for its aliases too. */
export function findServed(id: string, snapshot: Snapshot | null): ListedModel | null {
  const parts = splitId(id);
  return parts === null ? null : findInList(toList(parts, snapshot), parts.model);
}

/** Finds a model in one provider's list by its name or by an alias of the provider. */
export function findInList(models: readonly ListedModel[], name: string): ListedModel | null {
  const index = toIndex(models);
  return index.byName.get(name) ?? index.byAlias.get(name) ?? null;
}

function toList({ provider }: { provider: string }, snapshot: Snapshot | null) {
  return snapshot?.results.get(provider)?.models ?? EMPTY;
}

function toIndex(models: readonly ListedModel[]): NameIndex {
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
