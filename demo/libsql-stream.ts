import type Database from 'libsql';
import { toHranaError } from './libsql-error.ts';
import { checkGrammar, checkSingle } from './libsql-grammar.ts';
import { fromSql, toSql, type Value } from './libsql-value.ts';

/** The connection of one client. It keeps a transaction from one pipeline to the next. */
export interface LibsqlStream {
  db: Database.Database;
  sqls: Map<number, string>;
}

/** A request of a Hrana pipeline, as parsed from JSON. */
export interface StreamRequest {
  type: string;
  stmt?: Statement;
  batch?: { steps: { stmt: Statement; condition?: Condition }[] };
  sql?: string;
  sql_id?: number;
}

interface Statement {
  sql?: string;
  sql_id?: number;
  args?: Value[];
  named_args?: { name: string; value: Value }[];
  want_rows?: boolean;
}

interface Condition {
  type: 'ok' | 'error' | 'not' | 'and' | 'or' | 'is_autocommit';
  step?: number;
  cond?: Condition;
  conds?: Condition[];
}

interface BatchResult {
  step_results: (object | null)[];
  step_errors: (object | null)[];
}

/** Runs one request on a stream. Errors of SQLite are thrown unchanged. */
export function runRequest(stream: LibsqlStream, request: StreamRequest): object {
  const { stmt, batch, sql_id: sqlId = 0 } = request;
  if (request.type === 'execute' && stmt) {
    checkStatement(stream, stmt);
    return { result: execute(stream, stmt) };
  }
  if (request.type === 'batch' && batch) {
    // The server parses the whole batch before it runs any step.
    for (const { stmt: step } of batch.steps) checkStatement(stream, step);
    return { result: runBatch(stream, batch.steps) };
  }
  if (request.type === 'get_autocommit') return { is_autocommit: !stream.db.inTransaction };
  if (request.type === 'sequence') {
    checkGrammar(findSql(stream, request));
    stream.db.exec(findSql(stream, request));
  } else if (request.type === 'store_sql') stream.sqls.set(sqlId, request.sql ?? '');
  else if (request.type === 'close_sql') stream.sqls.delete(sqlId);
  else throw new Error(`Unsupported request: ${request.type}`);
  return {};
}

function checkStatement(stream: LibsqlStream, stmt: Statement): void {
  const { args = [], named_args: named = [] } = stmt;
  checkGrammar(findSql(stream, stmt));
  checkSingle(findSql(stream, stmt), {
    positional: args.length,
    named: named.map(({ name }) => name),
  });
}

function runBatch(
  stream: LibsqlStream,
  steps: { stmt: Statement; condition?: Condition }[],
): BatchResult {
  const result: BatchResult = { step_results: [], step_errors: [] };
  for (const { stmt, condition } of steps) {
    let outcome: [result: object | null, error: object | null] = [null, null];
    if (!condition || isMet(condition, { result, stream })) {
      try {
        outcome = [execute(stream, stmt), null];
      } catch (error) {
        outcome = [null, toHranaError(error)];
      }
    }
    result.step_results.push(outcome[0]);
    result.step_errors.push(outcome[1]);
  }
  return result;
}

function isMet(
  condition: Condition,
  context: { result: BatchResult; stream: LibsqlStream },
): boolean {
  const { type, step = -1, cond, conds = [] } = condition;
  if (type === 'ok') return context.result.step_results[step] != null;
  if (type === 'error') return context.result.step_errors[step] != null;
  if (type === 'not') return cond !== undefined && !isMet(cond, context);
  if (type === 'and') return conds.every((each) => isMet(each, context));
  if (type === 'or') return conds.some((each) => isMet(each, context));
  return !context.stream.db.inTransaction;
}

function execute(stream: LibsqlStream, stmt: Statement): object {
  const prepared = stream.db.prepare(findSql(stream, stmt)).safeIntegers(true);
  const named = (stmt.named_args ?? []).map(
    ({ name, value }) => [name.replace(/^[:@$]/, ''), toSql(value)] as const,
  );
  const args = named.length > 0 ? Object.fromEntries(named) : (stmt.args ?? []).map(toSql);
  const columns = prepared.columns();
  const cols = columns.map(({ name, type }) => ({ name, decltype: type }));
  if (cols.length === 0) {
    const { changes, lastInsertRowid } = prepared.run(args);
    return toResult({ cols, rows: [], changes, rowid: lastInsertRowid });
  }
  const before = readCounters(stream.db);
  const rows = prepared.raw(true).all(args) as unknown[][];
  const after = readCounters(stream.db);
  const changes = Number(after.changes - before.changes);
  return toResult({
    cols,
    rows: stmt.want_rows === false ? [] : rows,
    changes,
    rowid: after.rowid,
  });
}

function toResult(result: {
  cols: object[];
  rows: unknown[][];
  changes: number;
  rowid: number | bigint;
}): object {
  return {
    cols: result.cols,
    rows: result.rows.map((row) => row.map(fromSql)),
    affected_row_count: result.changes,
    last_insert_rowid: String(result.rowid),
  };
}

function readCounters(db: Database.Database): { changes: bigint; rowid: bigint } {
  const counters = db.prepare('SELECT total_changes() AS changes, last_insert_rowid() AS rowid');
  return counters.safeIntegers(true).get() as { changes: bigint; rowid: bigint };
}

/** Returns the text of a statement, which the request contains or stored earlier. */
export function findSql(
  stream: LibsqlStream,
  { sql, sql_id: sqlId }: { sql?: string; sql_id?: number },
): string {
  return sql ?? stream.sqls.get(sqlId ?? -1) ?? '';
}
