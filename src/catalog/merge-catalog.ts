import type { Provider } from '../registry/provider.ts';
import type { Registry } from '../registry/registry.ts';
import { joinId } from '../resolve/composite-id.ts';
import { findContextWindow } from './context-window.ts';
import { findServed } from './find-listed.ts';
import type { CatalogModel, ListedModel } from './model.ts';
import type { CheckedResult, Snapshot } from './snapshot-source.ts';

/** The favorites as they are known: their IDs in order, or why they are not. */
export type KnownFavorites =
  | { readonly ids: readonly string[] }
  | { readonly error: { readonly code: string; readonly message: string } };

/** A provider's group in the catalog. */
export interface CatalogProvider {
  readonly name: string;
  readonly label: string;
  readonly kind: Provider['kind'];
  readonly default: boolean;
  readonly sidecar: boolean;
  readonly status: CheckedResult['status'];
  readonly error: CheckedResult['error'];
  /** ISO 8601; null where it was never checked. */
  readonly checkedAt: string | null;
  /** When it was last online, in ISO 8601; null where it never was since this program started. */
  readonly lastSeenAt: string | null;
  readonly latencyMs: number | null;
  readonly models: readonly CatalogModel[];
}

/** Everything the herd serves, grouped, favorites first. */
export interface Catalog {
  readonly generatedAt: string;
  readonly defaultModel: { readonly id: string; readonly available: boolean } | null;
  readonly favorites: readonly CatalogModel[];
  readonly hiddenFavorites: number;
  readonly favoritesError?: { readonly code: string; readonly message: string };
  readonly demo?: true;
  readonly providers: readonly CatalogProvider[];
}

/** What a catalog is made of. */
export interface CatalogParts {
  readonly registry: Registry;
  readonly defaultModel: string | null;
  readonly snapshot: Snapshot;
  readonly favorites: KnownFavorites;
  readonly demo: boolean;
}

interface Lookups {
  /** Composite IDs by the model's own name, of models that stand on several providers. */
  readonly twins: ReadonlyMap<string, readonly string[]>;
  /** The settings' aliases by composite ID. */
  readonly aliasesById: ReadonlyMap<string, readonly string[]>;
  /** The favorites by ID, each with its model once that is found. */
  readonly favorites: Map<string, CatalogModel | null>;
}

const NONE: readonly string[] = [];

const UNCHECKED = {
  status: 'offline',
  error: { code: 'provider_timeout', message: 'This provider was not checked yet: ask again.' },
  checkedAt: null,
  lastSeenAt: null,
  latencyMs: null,
  models: [],
} as const;

/** Merges what the probes found with the favorites, in time proportional to the number of models. */
export function mergeCatalog(parts: CatalogParts): Catalog {
  const { registry, snapshot, favorites, defaultModel } = parts;
  const favoriteIds = 'ids' in favorites ? favorites.ids : [];
  const lookups: Lookups = {
    twins: findTwins(registry, snapshot),
    aliasesById: indexAliases(registry),
    favorites: new Map(favoriteIds.map((id) => [id, null])),
  };
  const providers = [...registry.providers.values()].map((provider) =>
    toGroup(provider, { registry, snapshot, lookups }),
  );
  const visible = favoriteIds.flatMap((id) => lookups.favorites.get(id) ?? []);
  return {
    generatedAt: snapshot.takenAt,
    defaultModel:
      defaultModel === null
        ? null
        : { id: defaultModel, available: findServed(defaultModel, snapshot) !== null },
    favorites: visible,
    hiddenFavorites: favoriteIds.length - visible.length,
    ...('error' in favorites ? { favoritesError: favorites.error } : {}),
    ...(parts.demo ? { demo: true as const } : {}),
    providers,
  };
}

function findTwins(registry: Registry, snapshot: Snapshot): Map<string, string[]> {
  const firstOn = new Map<string, string>();
  const twins = new Map<string, string[]>();
  for (const name of registry.providers.keys()) {
    for (const { model } of snapshot.results.get(name)?.models ?? []) {
      const first = firstOn.get(model);
      // Most models stand on one provider, so they get no list of their own.
      if (first === undefined) firstOn.set(model, name);
      else if (!twins.has(model)) twins.set(model, [joinId(first, model), joinId(name, model)]);
      else twins.get(model)?.push(joinId(name, model));
    }
  }
  return twins;
}

function indexAliases({ aliases }: Registry): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const [alias, id] of aliases) index.set(id, [...(index.get(id) ?? []), alias]);
  return index;
}

function toGroup(
  provider: Provider,
  context: { registry: Registry; snapshot: Snapshot; lookups: Lookups },
): CatalogProvider {
  const { registry, snapshot, lookups } = context;
  const result = snapshot.results.get(provider.name) ?? UNCHECKED;
  return {
    name: provider.name,
    label: provider.label,
    kind: provider.kind,
    default: provider.name === registry.defaultProvider,
    sidecar: provider.sidecarUrl !== null,
    status: result.status,
    error: result.error,
    checkedAt: result.checkedAt,
    lastSeenAt: result.lastSeenAt,
    latencyMs: result.latencyMs,
    models: result.models.map((model) => toCatalogModel(model, { provider, snapshot, lookups })),
  };
}

function toCatalogModel(
  listed: ListedModel,
  { provider, snapshot, lookups }: { provider: Provider; snapshot: Snapshot; lookups: Lookups },
): CatalogModel {
  const id = joinId(provider.name, listed.model);
  const twins = lookups.twins.get(listed.model);
  const settingsAliases = lookups.aliasesById.get(id);
  const favorite = lookups.favorites.has(id);
  const { contextWindow, contextSource } = findContextWindow(
    { provider, model: listed.model, listed },
    snapshot,
  );
  const model: CatalogModel = {
    id,
    provider: provider.name,
    model: listed.model,
    name: listed.name,
    description: listed.description,
    favorite,
    state: listed.state,
    contextWindow,
    contextSource,
    aliases: settingsAliases ? [...listed.aliases, ...settingsAliases] : listed.aliases,
    capabilities: listed.capabilities,
    alsoOn: twins?.filter((other) => other !== id) ?? NONE,
  };
  if (favorite) lookups.favorites.set(id, model);
  return model;
}
