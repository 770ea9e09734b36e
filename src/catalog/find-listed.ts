import type { Registry } from '../registry/registry.ts';
import { splitId } from '../resolve/composite-id.ts';
import type { ListedModel } from './model.ts';
import type { Snapshot } from './snapshot-source.ts';

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
  return find(id, { snapshot, matches: ({ model }, name) => model === name });
}

/** The same, also by one of the names that the host itself gave the model: whoever asks by it is answered too. */
export function findServed(id: string, snapshot: Snapshot | null): ListedModel | null {
  const matches = ({ aliases }: ListedModel, name: string) => aliases.includes(name);
  return findListed(id, snapshot) ?? find(id, { snapshot, matches });
}

function find(
  id: string,
  search: { snapshot: Snapshot | null; matches: (model: ListedModel, name: string) => boolean },
): ListedModel | null {
  const parts = splitId(id);
  if (parts === null) return null;
  const models = search.snapshot?.results.get(parts.provider)?.models ?? [];
  return models.find((model) => search.matches(model, parts.model)) ?? null;
}
