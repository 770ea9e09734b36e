// The Workers entry: builds the app from the Worker's variables, secrets and bindings. It uses nothing of Node.

import { createClient } from '@libsql/client/web';
import type { ExecutionContext } from 'hono';
import { createApp } from './app.ts';
import { createBoundFetch } from './database/bound-fetch.ts';
import type { Database } from './database/database.ts';
import { createLibsqlDatabase } from './database/libsql-database.ts';
import { PaddockError, toOpenAiError } from './errors.ts';
import { createRedact } from './telemetry/redact.ts';
import { createFetchTransport } from './gateway/fetch-transport.ts';
import { systemClock as clock } from './runtime/system-clock.ts';
import { createConsoleLog } from './runtime/workers/console-log.ts';
import { handOver } from './http/middleware/count-body.ts';
import type { Environment } from './settings/environment.ts';
import { toSecrets } from './settings/secrets.ts';
import { parseSettings, type Settings } from './settings/settings.ts';
import { toWorkerEnvironment } from './settings/worker-settings.ts';
import type { Fetch } from './fetch.ts';

interface Bindings extends Environment {
  readonly ASSETS: { fetch(request: Request): Promise<Response> };
}

/**
 * The longest duration of an event stream, in milliseconds. The platform limits the subrequests of one request, to 50 on
 * the free plan. An event stream makes one a second to the database, and two to each provider whenever the catalog's TTL
 * has passed.
 */
const EVENT_STREAM_MS = 20_000;

// The platform's `fetch` must be called without a receiver.
const fetchUpstream: Fetch = (url, init) => fetch(url, init);

function openDatabase({ url, authToken }: Settings['database']): Database {
  return createLibsqlDatabase({
    // Create a client for each use: on Workers, one request cannot wait for the I/O of another.
    connect: async () => {
      if (url === null) throw new Error('LIBSQL_URL is not set: on Workers it has no default');
      return createClient({
        url,
        ...(authToken === null ? {} : { authToken }),
        fetch: createBoundFetch({ fetch: (request, init) => fetch(request, init), clock }),
      });
    },
    release: (client) => client.close(),
    clock,
  });
}

function createWorker(bindings: Bindings) {
  const { environment, faults } = toWorkerEnvironment(bindings);
  const settings = parseSettings(environment, { faults });
  return createApp({
    settings,
    fetch: fetchUpstream,
    transport: createFetchTransport({
      fetch: fetchUpstream,
      clock,
      encodedInit: { encodeResponseBody: 'manual' },
      // workerd knows these two, in exactly this spelling.
      decodes: (encoding) => encoding === 'gzip' || encoding === 'br',
    }),
    clock,
    database: openDatabase(settings.database),
    deliver: handOver,
    readAddress: (request) => request.headers.get('cf-connecting-ip'),
    readAsset: async (path) => {
      const response = await bindings.ASSETS.fetch(new Request(`http://assets${path}`));
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
    },
    log: createConsoleLog(settings.logLevel, createRedact(toSecrets(settings))),
    eventStreamMs: EVENT_STREAM_MS,
  });
}

// The first request of an isolate builds the app. Its bindings are the same for all requests.
let app: ReturnType<typeof createWorker> | undefined;

export default {
  fetch(request: Request, bindings: Bindings, context: ExecutionContext) {
    try {
      app ??= createWorker(bindings);
    } catch (error) {
      // Log the faults: they are for the owner, not for every client.
      console.error(error instanceof Error ? error.message : error);
      const message = 'Paddock cannot start because its settings have faults. See its log.';
      return Response.json(toOpenAiError(new PaddockError('internal_error', message)), {
        status: 500,
      });
    }
    const answer = Promise.resolve(app.fetch(request, bindings, context));
    // Without this, a request whose client leaves stops midway and never releases its resources.
    context.waitUntil(answer);
    return answer;
  },
};
