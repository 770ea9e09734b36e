import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createApp } from '../app.ts';
import type { Database } from '../database/database.ts';
import type { Observer } from '../exchange/exchange.ts';
import type { Transport } from '../gateway/transport.ts';
import type { Log } from '../http/log.ts';
import type { Metrics } from '../http/metrics.ts';
import type { Deliver } from '../http/observe.ts';
import type { Settings } from '../registry/settings.ts';
import { createAssetReader } from './read-asset.ts';

const ASSETS = fileURLToPath(new URL('../../dist/assets', import.meta.url));

/** Answers requests. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** Makes the app with what Node and Bun have. */
export function openApp(options: {
  settings: Settings;
  database: Database;
  transport: Transport;
  deliver?: Deliver | undefined;
  metrics?: Metrics | undefined;
  stopping?: AbortSignal | undefined;
  observers?: readonly Observer[];
  bodyMs?: number | undefined;
  log: Log;
  demo: boolean;
}): FetchHandler {
  const { log, deliver, metrics, stopping, bodyMs, ...rest } = options;
  const app = createApp({
    ...rest,
    ...(deliver !== undefined && { deliver }),
    ...(metrics !== undefined && { metrics }),
    ...(stopping !== undefined && { stopping }),
    ...(bodyMs !== undefined && { bodyMs }),
    log,
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
