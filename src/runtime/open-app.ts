import { fileURLToPath } from 'node:url';
import { createApps, type AppDependencies } from '../app.ts';
import { createAssetReader } from './read-asset.ts';
import { systemClock } from './system-clock.ts';

const ASSETS = fileURLToPath(new URL('../../dist/assets', import.meta.url));

/** Handles a request. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** The request handlers of each port. */
export interface Handlers {
  readonly fetch: FetchHandler;
  /** The handler of `UPSTREAM_PORT`; null if that is not set. */
  readonly fetchUpstream: FetchHandler | null;
}

/** Creates only the app for `PORT`. */
export function openApp(...[dependencies]: Parameters<typeof openApps>): FetchHandler {
  return openApps(dependencies).fetch;
}

/** Creates the apps with the clock and the assets of Node and Bun. */
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
