import type { Registry } from '../registry/registry.ts';
import { splitId } from '../resolve/composite-id.ts';
import type { ListedModel } from './model.ts';
import type { Snapshot } from './snapshot.ts';

interface NameIndex {
  readonly byName: ReadonlyMap<string, ListedModel>;
  /** The models by their aliases at the provider. */
  readonly byAlias: ReadonlyMap<string, ListedModel>;
}

const EMPTY: readonly ListedModel[] = [];

/** Cached indexes: each list is searched many times and never changes. */
const indexes = new WeakMap<readonly ListedModel[], NameIndex>();
const alikeIndexes = new WeakMap<readonly ListedModel[], ReadonlyMap<string, ListedModel>>();

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

/** Finds a model by composite ID in its provider's last list: by its name in another case, or by what follows the name's last slash. */
export function findAlike(id: string, snapshot: Snapshot | null): ListedModel | null {
  const parts = splitId(id);
  if (parts === null) return null;
  const models = toList(parts, snapshot);
  const index = alikeIndexes.get(models) ?? indexAlike(models);
  alikeIndexes.set(models, index);
  return index.get(parts.model.toLowerCase()) ?? null;
}

/** Whether the whole list of a provider is known: it was online in its last probe. */
export function hasList(provider: string, snapshot: Snapshot | null): boolean {
  const result = snapshot?.results.get(provider);
  return result?.status === 'online' && result.error === null;
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

function indexAlike(models: readonly ListedModel[]): ReadonlyMap<string, ListedModel> {
  const index = new Map<string, ListedModel>();
  const add = (name: string, model: ListedModel) => {
    const key = name.toLowerCase();
    if (!index.has(key)) index.set(key, model);
  };
  for (const model of models) {
    add(model.model, model);
    for (const alias of model.aliases) add(alias, model);
  }
  for (const model of models) add(model.model.slice(model.model.lastIndexOf('/') + 1), model);
  return index;
}
