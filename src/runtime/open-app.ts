import { fileURLToPath } from 'node:url';
import { createApps, type AppDependencies } from '../app.ts';
import { createAssetReader } from './read-asset.ts';
import { systemClock } from './system-clock.ts';

const ASSETS = fileURLToPath(new URL('../../dist/assets', import.meta.url));

/** Answers requests. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** What answers on each port. */
export interface Handlers {
  readonly fetch: FetchHandler;
  /** For `UPSTREAM_PORT`; null where that is not set. */
  readonly fetchUpstream: FetchHandler | null;
}

/** Makes the app for `PORT` alone. */
export function openApp(...[dependencies]: Parameters<typeof openApps>): FetchHandler {
  return openApps(dependencies).fetch;
}

/** Makes the apps with what Node and Bun have. */
export function openApps(dependencies: Omit<AppDependencies, 'clock' | 'readAsset'>): Handlers {
  const { log } = dependencies;
  const { app, upstreamApp } = createApps({
    ...dependencies,
    clock: systemClock,
    readAsset: createAssetReader(ASSETS),
  });
  const context = {
    waitUntil: (work: Promise<unknown>) => {
      work.catch((error: unknown) => log.error('Work behind an answer failed', error));
    },
    passThroughOnException: () => {},
    props: {},
  };
  return {
    fetch: (request) => app.fetch(request, {}, context),
    fetchUpstream:
      upstreamApp === null ? null : (request) => upstreamApp.fetch(request, {}, context),
  };
}
