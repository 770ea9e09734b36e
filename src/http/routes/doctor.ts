import { Hono } from 'hono';
import type { Clock } from '../../clock.ts';
import type { SnapshotSource } from '../../catalog/snapshot-source.ts';
import { diagnose } from '../../doctor/diagnose.ts';
import { examineProvider, type Examination } from '../../doctor/examine-provider.ts';
import { PaddockError } from '../../errors.ts';
import type { FavoritesStore } from '../../favorites/favorites-store.ts';
import { toDatabaseError } from '../../favorites/to-database-error.ts';
import type { Settings } from '../../settings/settings.ts';
import type { RequestUpstream } from '../../upstream/request-upstream.ts';
import { toBackground } from '../background.ts';
import { describe, jsonAnswer } from '../openapi/describe.ts';
import { refuseForeign } from '../middleware/refuse-foreign.ts';
import { doctorAnswer, type Diagnosis } from '../../doctor/diagnosis.ts';
import type { CatalogView } from '../view.ts';

/** How long to wait for the database if no providers are set up, in milliseconds. */
const PATIENCE_MS = 1000;

const TOO_LATE = new Error('The database did not answer in time');

/** Creates the route that reports faults of the providers, the settings and the database, and their corrections. */
export function doctorRoutes(options: {
  settings: Settings;
  snapshots: SnapshotSource;
  view: CatalogView;
  store: Pick<FavoritesStore, 'list' | 'check'>;
  requestUpstream: RequestUpstream;
  clock: Clock;
}) {
  const { settings, snapshots, view, store, requestUpstream, clock } = options;
  const { registry, roles } = settings;
  const providers = [...registry.providers.values()];
  const timeouts = providers.map(({ timeoutMs }) => timeoutMs);
  const patienceMs = timeouts.length === 0 ? PATIENCE_MS : Math.max(...timeouts);

  /** Returns the value, or the error if the database fails or is late. */
  const examine = <T>(asking: Promise<T>): Promise<T | PaddockError> =>
    Promise.race([asking, clock.sleep(patienceMs).then(() => Promise.reject(TOO_LATE))]).catch(
      toDatabaseError,
    );

  return new Hono().get(
    '/api/doctor',
    describe(
      {
        tag: 'management',
        summary:
          'Finds faults of the providers, the settings and the database, and how to correct them',
        answers: { 200: jsonAnswer('The findings, faults first', doctorAnswer) },
      },
      async (c) => {
        refuseForeign(c, settings);
        const background = toBackground(c);
        const reading = providers.length === 0 ? null : view.read({ refresh: true, background });
        const examining = providers.map(async (provider): Promise<[string, Examination]> => [
          provider.name,
          await examineProvider(provider, { requestUpstream, clock }),
        ]);
        const [catalog, listed, checked, ...examined] = await Promise.all([
          reading,
          examine(store.list()),
          examine(store.check()),
          ...examining,
        ]);
        const favorites = listed instanceof PaddockError ? null : listed.map(({ id }) => id);
        const databaseFault = checked instanceof PaddockError ? checked : null;
        const examinations = new Map(examined);
        const diagnosis = diagnose({
          registry,
          roles,
          snapshot: snapshots.peek(background),
          catalog,
          favorites,
          databaseFault,
          examinations,
        });
        return c.json<Diagnosis>(diagnosis, 200, { 'cache-control': 'no-store' });
      },
    ),
  );
}
