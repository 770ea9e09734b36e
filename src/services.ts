import type { Clock } from './clock.ts';
import { createDriftWatch } from './catalog/drift.ts';
import { createLearnedContexts } from './catalog/learned-contexts.ts';
import { createLoadMemory } from './catalog/load-memory.ts';
import type { MergedCatalog } from './catalog/merge-catalog.ts';
import { toOpenAiModels, type OpenAiModel } from './catalog/openai-models.ts';
import { probeProvider } from './catalog/probe.ts';
import { renderCatalog, renderModelStatus } from './catalog/render-catalog.ts';
import { createSharedWork, createSlices, type Slices } from './catalog/slices.ts';
import { createSnapshotSource } from './catalog/snapshot-source.ts';
import { toModelStatus } from './catalog/swap-models.ts';
import { createWindowLearner } from './catalog/window-learner.ts';
import type { Database } from './database/database.ts';
import type { PaddockError } from './errors.ts';
import { createFavoritesStore } from './favorites/favorites-store.ts';
import { createRecentFavorites } from './favorites/recent-favorites.ts';
import { toDatabaseError } from './favorites/to-database-error.ts';
import { toSecrets } from './settings/secrets.ts';
import type { Settings } from './settings/settings.ts';
import { createRequestUpstream } from './upstream/request-upstream.ts';
import type { Fetch } from './fetch.ts';
import { createOpenLog } from './http/open-log.ts';
import { createDocument } from './http/documents.ts';
import { createFavoritesDocument } from './http/routes/favorites-document.ts';
import type { Log } from './telemetry/log.ts';
import { createRedact } from './telemetry/redact.ts';
import type { Metrics } from './http/routes/metrics.ts';
import { createLoadModel } from './http/load-model.ts';
import { createInflight } from './http/inflight.ts';
import { createUnloadModel } from './http/unload-model.ts';
import { createNoteBareId, createResolveNoted } from './http/note-bare-id.ts';
import { createCatalogView } from './http/view.ts';
import { watchAnswers } from './http/watch-answers.ts';

/** The dependencies of the services. */
export interface ServiceDependencies {
  readonly settings: Settings;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly database: Database;
  readonly log: Log;
  /** The metrics for Prometheus, if the process lives long enough to keep them. */
  readonly metrics?: Metrics | undefined;
  /** Whether the providers are the simulated ones of the demo. */
  readonly demo?: boolean;
  /** How long a list waits for stored context windows, in milliseconds. Short by default: the next list has them. */
  readonly learnedPatienceMs?: number | undefined;
}

/** Creates the services that all routes share: provider snapshots, the catalog and the favorites. */
export function createServices(options: ServiceDependencies) {
  const { settings, fetch, clock, database, log, metrics, demo = false } = options;
  const slices = createSlices(clock);
  const requestUpstream = createRequestUpstream({ fetch, clock, run: slices.run });
  const ttlMs = settings.catalogTtlMs;
  const providers = [...settings.registry.providers.values()];
  const loads = createLoadMemory({ now: clock.monotonic, ttlMs });
  const snapshots = createSnapshotSource({
    providers,
    probe: async (provider) => {
      const startedAt = clock.monotonic();
      const result = await probeProvider(provider, { requestUpstream, clock, loads, slices });
      const milliseconds = clock.monotonic() - startedAt;
      metrics?.probed({ provider: provider.name, result: result.status, milliseconds });
      return result;
    },
    contexts: createLearnedContexts({
      database,
      clock,
      patienceMs: options.learnedPatienceMs,
      report: (cause) =>
        reportDatabase(log, {
          error: toDatabaseError(cause),
          message: 'The learned context windows cannot be stored',
        }),
    }),
    clock,
    ttlMs,
    onSnapshot: createDriftWatch(settings, (message) => log.warn(message)),
  });
  const learner = createWindowLearner({ requestUpstream, clock, ttlMs, loads, snapshots });
  const watch = watchAnswers({ providers, loads, snapshots, learner });
  const store = createFavoritesStore({ database, clock });
  const recentFavorites = createRecentFavorites({
    store,
    clock,
    report: (error) => reportDatabase(log, { error, message: error.message }),
  });
  const redact = createRedact(toSecrets(settings));
  const { registry } = settings;
  const noteBareId = createNoteBareId({ registry, snapshots, redact });
  return {
    settings,
    requestUpstream,
    openLog: createOpenLog({ fetch, clock, requestUpstream }),
    snapshots,
    redact,
    noteBareId,
    resolveNoted: createResolveNoted({ registry, noteBareId }),
    watch,
    loadModel: createLoadModel({ ...settings, requestUpstream, clock, snapshots, watch }),
    unloadModel: createUnloadModel({ requestUpstream, clock, watch }),
    store,
    recentFavorites,
    view: createCatalogView({ settings, snapshots, recentFavorites, demo, slices }),
    slices,
    inflight: createInflight(clock),
    ...createDocuments(settings, slices),
  };
}

/** Creates the renderers that several routes share. */
function createDocuments({ registry }: Settings, slices: Slices) {
  const { aliases } = registry;
  return {
    catalogDocument: createDocument({ render: renderCatalog, slices }),
    favoritesDocument: createFavoritesDocument(registry, slices),
    /** Lists a catalog in OpenAI's format. */
    toModels: createSharedWork<MergedCatalog, readonly OpenAiModel[]>({
      slices,
      start: (catalog) => toOpenAiModels(catalog, aliases),
    }),
    modelStatusDocument: createDocument<MergedCatalog>({
      slices,
      render: function* (catalog) {
        return yield* renderModelStatus(yield* toModelStatus(catalog, aliases));
      },
    }),
  };
}

/** Logs a database failure: as a warning, or as an error if the database rejects a statement (a fault of Paddock). */
function reportDatabase(
  log: Log,
  { error, message }: { error: PaddockError; message: string },
): void {
  const { code, cause } = error;
  if (code !== 'internal_error') log.warn(message, cause);
  else log.error('The database rejected a statement of Paddock (internal_error)', cause);
}
