import type { Registry } from '../registry/registry.ts';
import { splitId } from '../resolve/composite-id.ts';
import type { ListedModel } from './model.ts';
import type { Snapshot } from './snapshot.ts';

/** The models of one list by their names. */
interface NameIndex {
  readonly byName: ReadonlyMap<string, ListedModel>;
  /** By the names that the provider itself gave them beside their own. */
  readonly byAlias: ReadonlyMap<string, ListedModel>;
}

const EMPTY: readonly ListedModel[] = [];

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
  if (parts === null) return null;
  return toIndex(toList(parts, snapshot)).byName.get(parts.model) ?? null;
}

/** The same, also by one of the names that the host itself gave the model: whoever asks by it is answered too. */
export function findServed(id: string, snapshot: Snapshot | null): ListedModel | null {
  const parts = splitId(id);
  return parts === null ? null : findInList(toList(parts, snapshot), parts.model);
}

/** A model of one provider's list, by its name there or by another that the provider gave it. */
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
