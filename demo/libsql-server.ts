import Database from 'libsql';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listen } from './listen.ts';
import { toHranaError } from './libsql-error.ts';
import { isWriting } from './libsql-grammar.ts';
import { findSql, runRequest } from './libsql-stream.ts';
import type { LibsqlStream, StreamRequest } from './libsql-stream.ts';

/** The options of the libSQL server. */
export interface LibsqlServerOptions {
  /** A `file:` URL, or `:memory:` for a database that is deleted when the server closes. */
  url: string;
  /** The bearer token that requests must send; none by default. */
  authToken?: string;
}

/** A libSQL server that supports enough of Hrana 2 over HTTP for `@libsql/client/web`. */
export interface LibsqlServer {
  url: string;
  /** Sets whether tokens may only read, or also write. At first, they may write. */
  allow(access: 'read' | 'write'): void;
  close(): Promise<void>;
}

const FORBIDDEN = {
  error:
    "Authorization forbidden: Current session doesn't not have Write permission to namespace default",
};

const BUSY_TIMEOUT_MS = 5000;

/** Serves a database file over HTTP on loopback. */
export async function startLibsqlServer(options: LibsqlServerOptions): Promise<LibsqlServer> {
  const folder = options.url === ':memory:' ? mkdtempSync(join(tmpdir(), 'libsql-')) : undefined;
  const path = folder ? join(folder, 'memory.db') : options.url.replace(/^file:(\/\/)?/, '');
  const streams = new Map<string, LibsqlStream>();
  let access: 'read' | 'write' = 'write';
  openDatabase(path, 'PRAGMA journal_mode = WAL').close();

  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (request.method === 'GET' && pathname === '/v2') return new Response('ok');
    if (pathname !== '/v2/pipeline') return new Response('not found', { status: 404 });
    const token = request.headers.get('authorization');
    if (options.authToken !== undefined && token !== `Bearer ${options.authToken}`) {
      return Response.json({ error: 'Unauthorized' }, { status: 401 });
    }
    const body = (await request.json()) as { baton?: string | null; requests: StreamRequest[] };
    if (body.baton != null && !streams.has(body.baton)) {
      return Response.json({ message: 'Received an invalid baton' }, { status: 400 });
    }
    if (access === 'read' && body.requests.some(isWritingRequest)) {
      return Response.json(FORBIDDEN, { status: 403 });
    }
    const baton = body.baton ?? crypto.randomUUID();
    const stream = streams.get(baton) ?? { db: openDatabase(path), sqls: new Map() };
    streams.set(baton, stream);
    return Response.json(await answerPipeline({ baton, streams, requests: body.requests }));
  };

  const listener = await listen(fetch);
  const close = async () => {
    await listener.close();
    for (const stream of streams.values()) closeStream(stream);
    streams.clear();
    if (folder) rmSync(folder, { recursive: true, force: true });
  };
  return { url: listener.url, allow: (what) => (access = what), close };
}

function openDatabase(path: string, pragma?: string): Database.Database {
  const db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  if (pragma !== undefined) db.exec(pragma);
  return db;
}

/** Closes a stream. It rolls back first: a closed connection keeps its locks until its statements are collected. */
function closeStream({ db }: LibsqlStream): void {
  if (db.inTransaction) db.exec('ROLLBACK');
  db.close();
}

interface Pipeline {
  baton: string;
  streams: Map<string, LibsqlStream>;
  requests: StreamRequest[];
}

async function answerPipeline({ baton, streams, requests }: Pipeline): Promise<object> {
  const results: object[] = [];
  for (const request of requests) {
    await waitForTurn({ baton, request, streams });
    const stream = streams.get(baton);
    if (!stream) {
      results.push({ type: 'error', error: { message: 'The stream is closed' } });
    } else if (request.type === 'close') {
      streams.delete(baton);
      closeStream(stream);
      results.push({ type: 'ok', response: { type: 'close' } });
    } else {
      results.push(answerRequest(stream, request));
    }
  }
  return { baton: streams.has(baton) ? baton : null, base_url: null, results };
}

/** Waits while another stream holds a transaction: SQLite's own wait would block that stream too. */
async function waitForTurn(turn: {
  baton: string;
  request: StreamRequest;
  streams: Map<string, LibsqlStream>;
}): Promise<void> {
  const { baton, request, streams } = turn;
  for (let waited = 0; waited < BUSY_TIMEOUT_MS; waited += 5) {
    const stream = streams.get(baton);
    if (!stream || stream.db.inTransaction || !mayWrite(stream, request)) return;
    if (![...streams.values()].some((other) => other.db.inTransaction)) return;
    await delay(5);
  }
}

/** Whether a request would change the database. Stored statements were checked here when they were stored. */
function isWritingRequest(request: StreamRequest): boolean {
  const steps = request.batch?.steps.map(({ stmt }) => stmt) ?? [];
  return [request, request.stmt, ...steps].some((each) => isWriting(each?.sql ?? ''));
}

function mayWrite(stream: LibsqlStream, request: StreamRequest): boolean {
  if (request.type === 'batch' || request.type === 'sequence') return true;
  return request.stmt !== undefined && !/^\s*select\b/i.test(findSql(stream, request.stmt));
}

function answerRequest(stream: LibsqlStream, request: StreamRequest): object {
  try {
    return { type: 'ok', response: { type: request.type, ...runRequest(stream, request) } };
  } catch (error) {
    return { type: 'error', error: toHranaError(error) };
  }
}
