import type { ModelDetails } from '../registry/provider-models.ts';
import { toCapabilities } from '../registry/provider-kind.ts';
import type { Provider } from '../registry/provider.ts';
import type { Registry } from '../registry/registry.ts';
import { joinId } from '../resolve/composite-id.ts';
import type { Catalog, CatalogProvider, Fault } from './catalog.ts';
import { findContextWindow } from './context-window.ts';
import { findServed } from './find-listed.ts';
import { findCopies, type FindCopies } from './find-copies.ts';
import type { CatalogModel, ListedModel } from './model.ts';
import { addInputs, findInputs } from './read-modalities.ts';
import type { Snapshot } from './snapshot.ts';
import { toRunningEverywhere, type RunningEntry } from './swap-models.ts';
import type { Steps } from '../steps.ts';

/** The IDs of the favorites in order, or the reason why they are unknown. */
export type KnownFavorites = { readonly ids: readonly string[] } | { readonly error: Fault };

/** The catalog, and what only the lists in the formats of OpenAI and llama-swap show. */
export interface MergedCatalog extends Catalog {
  /** By composite ID, for models that have any. */
  readonly details: ReadonlyMap<string, ModelDetails>;
  /** The loaded models of all providers. */
  readonly running: readonly RunningEntry[];
}

/** The inputs of a catalog. */
export interface CatalogParts {
  readonly registry: Registry;
  readonly defaultModel: string | null;
  readonly snapshot: Snapshot;
  readonly favorites: KnownFavorites;
  readonly demo: boolean;
  /** The port that serves the providers' own web pages; null for none. */
  readonly upstreamPort: number | null;
}

interface Lookups {
  readonly findCopies: FindCopies;
  /** The aliases of the settings, by composite ID. */
  readonly aliasesById: ReadonlyMap<string, readonly string[]>;
  /** The favorites by ID; each value is null until the model is found. */
  readonly favorites: Map<string, CatalogModel | null>;
  readonly details: Map<string, ModelDetails>;
}

const STEP = 200;

const UNCHECKED = {
  status: 'offline',
  error: { code: 'provider_timeout', message: 'This provider was not probed yet: retry.' },
  checkedAt: null,
  lastSeenAt: null,
  latencyMs: null,
  lacks: [],
  models: [],
} as const;

/** Merges the probes' results with the favorites, in time proportional to the number of models. */
export function* mergeCatalog(parts: CatalogParts): Steps<MergedCatalog> {
  const { registry, snapshot, favorites, defaultModel } = parts;
  const favoriteIds = 'ids' in favorites ? favorites.ids : [];
  const lookups: Lookups = {
    findCopies: yield* findCopies(registry, snapshot),
    aliasesById: indexAliases(registry),
    favorites: new Map(favoriteIds.map((id) => [id, null])),
    details: new Map(),
  };
  const providers: CatalogProvider[] = [];
  for (const provider of registry.providers.values()) {
    providers.push(yield* toGroup(provider, { ...parts, lookups }));
  }
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
    details: lookups.details,
    running: toRunningEverywhere(registry, snapshot),
  };
}

function indexAliases({ aliases }: Registry): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const [alias, id] of aliases) index.set(id, [...(index.get(id) ?? []), alias]);
  return index;
}

function* toGroup(
  provider: Provider,
  context: CatalogParts & { lookups: Lookups },
): Steps<CatalogProvider> {
  const { registry, snapshot, lookups, upstreamPort } = context;
  const result = snapshot.results.get(provider.name) ?? UNCHECKED;
  const models: CatalogModel[] = [];
  for (const listed of result.models) {
    if (models.length % STEP === STEP - 1) yield;
    models.push(toCatalogModel(listed, { provider, snapshot, lookups }));
  }
  return {
    name: provider.name,
    label: provider.label,
    kind: provider.kind.name,
    default: provider.name === registry.defaultProvider,
    sidecar: provider.sidecarUrl !== null,
    can: toCapabilities(provider.kind, result.lacks),
    status: result.status,
    error: result.error,
    checkedAt: result.checkedAt,
    lastSeenAt: result.lastSeenAt,
    latencyMs: result.latencyMs,
    ...(upstreamPort !== null && provider.kind.servers !== null && { upstreamPort }),
    models,
  };
}

function toCatalogModel(
  listed: ListedModel,
  { provider, snapshot, lookups }: { provider: Provider; snapshot: Snapshot; lookups: Lookups },
): CatalogModel {
  const id = joinId(provider.name, listed.model);
  const settingsAliases = lookups.aliasesById.get(id);
  const favorite = lookups.favorites.has(id);
  const { contextWindow, contextSource } = findContextWindow(
    { provider, model: listed.model, listed },
    snapshot,
  );
  const inputs = findInputs({ provider: provider.name, id, listed }, snapshot);
  const { capabilities, modalities } = addInputs(listed, inputs);
  const model: CatalogModel = {
    id,
    provider: provider.name,
    model: listed.model,
    name: listed.name,
    description: listed.description,
    kind: listed.kind,
    peer: listed.peer,
    favorite,
    state: listed.state,
    contextWindow,
    contextSource,
    aliases: settingsAliases ? [...listed.aliases, ...settingsAliases] : listed.aliases,
    capabilities,
    modalities,
    alsoOn: lookups.findCopies(id, listed.model),
  };
  if (favorite) lookups.favorites.set(id, model);
  const { details } = listed;
  if (details.llamaSwap !== null || details.parameters.length > 0) lookups.details.set(id, details);
  return model;
}
