import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createApp, type AppDependencies } from '../app.ts';
import { createAssetReader } from './read-asset.ts';

const ASSETS = fileURLToPath(new URL('../../dist/assets', import.meta.url));

/** Answers requests. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** Makes the app with what Node and Bun have. */
export function openApp(
  dependencies: Omit<AppDependencies, 'fetch' | 'clock' | 'readAsset'>,
): FetchHandler {
  const { log } = dependencies;
  const app = createApp({
    ...dependencies,
    fetch: (address, init) => fetch(address, init),
    clock: { wall: Date.now, monotonic: () => performance.now(), sleep },
    readAsset: createAssetReader(ASSETS),
  });
  const context = {
    waitUntil: (work: Promise<unknown>) => {
      work.catch((error: unknown) => log.error('Work behind an answer failed', error));
    },
    passThroughOnException: () => {},
    props: {},
  };
  return (request) => app.fetch(request, {}, context);
}
