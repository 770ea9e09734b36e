import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApps, type AppDependencies } from '../app.ts';
import type { ReadAsset } from '../http/routes/send-asset.ts';
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
      work.catch((error: unknown) => log.error('Background work of a request failed', error));
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

/** Creates the reader of the built files in a folder. It does not check paths: the caller does. */
export function createAssetReader(root: string): ReadAsset {
  return async (path) => {
    try {
      return await readFile(join(root, path));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null;
      throw error;
    }
  };
}
