import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { checkGrammar, checkSingle } from '../demo/libsql-grammar.ts';
import { createApp, type AppDependencies } from '../src/app.ts';
import type { Clock } from '../src/clock.ts';
import type { Database, Statement } from '../src/database/database.ts';
import type { Log } from '../src/telemetry/log.ts';
import { createRedact } from '../src/telemetry/redact.ts';
import { toRequestLine } from '../src/telemetry/request-line.ts';
import { KINDS } from '../src/registry/kinds/kinds.ts';
import type { ProviderKind } from '../src/registry/provider-kind.ts';
import { parseSettings } from '../src/settings/settings.ts';
import { openMigratedDatabase } from '../src/runtime/database.ts';
import { openUpstreams } from '../src/runtime/open-upstreams.ts';
import { systemClock } from '../src/runtime/system-clock.ts';
import { readLines, type Line } from './log-lines.ts';

/** An app under test, with methods that send requests to it. */
export interface TestApp {
  /** The answer to one request. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** The JSON of one answer. */
  read(path: string, init?: RequestInit): Promise<any>;
  /** Answers a request as a server passes it. */
  fetch(request: Request): Response | Promise<Response>;
  /** The messages of its log, without those of level info. */
  readonly logged: string[];
  /** The log lines of its requests, in the order in which the requests ended. */
  readonly lines: Line[];
  /** Its log. */
  readonly log: Log;
  /** Its routes as an OpenAPI document names them, without those for all methods. */
  routes(): string[];
  /** The name of Hono's router that serves it. Known after the first request. */
  router(): string;
}

/** Creates an app with real sockets and a real database file, from environment variables. */
export function makeApp(
  environment: Record<string, string>,
  options: Partial<
    Pick<
      AppDependencies,
      'bodyMs' | 'database' | 'deliver' | 'inbound' | 'metrics' | 'readAsset' | 'transport'
    >
  > & { clock?: Partial<Clock>; kinds?: readonly ProviderKind[] } = {},
): TestApp {
  const logged: string[] = [];
  const lines: Line[] = [];
  const record = (message: string) => void logged.push(message);
  const log: Log = {
    error: record,
    warn: record,
    info: () => {},
    request: (exchange, delivery) => {
      const style = { time: 'now', isWhole: false, redact: createRedact([]) };
      const line = toRequestLine({ exchange, delivery }, style);
      lines.push(...readLines(JSON.stringify(line)));
      if (line.level !== 'info') record(line.msg);
    },
  };
  const upstreams = openUpstreams();
  const app = createApp({
    settings: parseSettings(environment, { kinds: options.kinds ?? KINDS }),
    fetch: upstreams.fetch,
    inbound: options.inbound,
    transport: options.transport ?? upstreams.transport,
    clock: { ...systemClock, ...options.clock },
    readAsset: options.readAsset ?? (async () => null),
    bodyMs: options.bodyMs,
    deliver: options.deliver,
    metrics: options.metrics,
    database: checkStatements(
      options.database ??
        openMigratedDatabase({ url: `file:${join(makeFolder(), 'paddock.db')}`, authToken: null }),
    ),
    log,
  });
  const context = {
    waitUntil: (work: Promise<unknown>) => void work,
    passThroughOnException: () => {},
    props: {},
  };
  const ask = async (path: string, init?: RequestInit) =>
    app.request(`http://paddock${path}`, init, {}, context);
  return {
    ask,
    fetch: (request) => app.fetch(request, {}, context),
    read: async (path, init) => (await ask(path, init)).json(),
    logged,
    lines,
    log,
    routes: () => {
      const routes = app.routes.filter(({ method }) => method !== 'ALL');
      const toName = ({ method, path }: (typeof routes)[number]) =>
        `${method.toLowerCase()} ${path.replaceAll(/:(\w+)(?:\{[^}]*\})?/gu, '{$1}')}`;
      return [...new Set(routes.map(toName))];
    },
    router: () => app.router.name,
  };
}

/** Wraps a database so that it refuses statements that a libSQL server, unlike a file, cannot parse. */
function checkStatements(database: Database): Database {
  const { read, write, script } = database;
  const check = ({ sql, args = [] }: Statement) => {
    checkGrammar(sql);
    checkSingle(sql, { positional: args.length, named: [] });
  };
  return {
    ...database,
    read: (statement) => {
      check(statement);
      return read(statement);
    },
    write: (statements) => {
      statements.forEach(check);
      return write(statements);
    },
    script: (sql) => {
      checkGrammar(sql);
      return script(sql);
    },
  };
}

/** A folder that goes when the test does. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A request with a JSON body. */
export function put(body: unknown): RequestInit {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method: 'PUT', headers: { 'content-type': 'application/json' }, body: text };
}
