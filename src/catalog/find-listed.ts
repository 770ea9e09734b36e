import type { Registry } from '../registry/registry.ts';
import { splitId } from '../resolve/composite-id.ts';
import type { ListedModel } from './model.ts';
import type { Snapshot } from './snapshot-source.ts';

/** Whether a model can be asked for now: null where its provider was never probed. */
export function isAvailable(
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
  const models = snapshot?.results.get(parts.provider)?.models ?? [];
  return models.find(({ model }) => model === parts.model) ?? null;
}
