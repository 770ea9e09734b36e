import { describe, expect, it } from 'vitest';
import { startLibsqlServer } from '../../demo/libsql-server.ts';
import { whileTesting } from '../hosts.ts';

const CREATE = 'CREATE TABLE f (id TEXT PRIMARY KEY NOT NULL, position INTEGER NOT NULL) STRICT';

/** Starts a server with a table. Returns a function that sends it pipelines. */
async function start() {
  const { url } = await whileTesting(startLibsqlServer({ url: ':memory:' }));
  const send = async (...requests: object[]): Promise<any[]> => {
    const body = JSON.stringify({ requests: [...requests, { type: 'close' }] });
    const response = await fetch(`${url}/v2/pipeline`, { method: 'POST', body });
    return ((await response.json()) as { results: unknown[] }).results;
  };
  await send({ type: 'sequence', sql: CREATE });
  return send;
}

/** The error code for one statement, or `ok`. The expected codes are those of libSQL server 0.24. */
async function execute(sql: string, ...values: string[]): Promise<string> {
  const args = values.map((value) => ({ type: 'text', value }));
  const [result] = await (await start())({ type: 'execute', stmt: { sql, args } });
  return result.type === 'ok' ? 'ok' : result.error.code;
}

describe('the simulated libSQL server', () => {
  it.each([
    'SELECT max(position) FROM f HAVING count(*) < 5',
    'INSERT INTO f (id, position) SELECT ?1, max(position) FROM f HAVING count(*) < 5 ON CONFLICT (id) DO NOTHING',
    'SELECT (SELECT max(id) FROM f HAVING 1) FROM f GROUP BY id',
    'SELECT id FROM f GROUP BY id UNION SELECT max(id) FROM f HAVING 1',
    'WITH x AS (SELECT max(id) AS i FROM f HAVING 1) SELECT i FROM x',
    'SELECT group_concat(id ORDER BY position) FROM f',
    "SELECT json_group_array(id, ',' ORDER BY position) FROM f",
    'SELECT 1_000',
    'VACUUM',
    'ANALYZE',
    "ATTACH ':memory:' AS other",
    'PRAGMA cache_size = 10',
    'PRAGMA journal_mode = WAL',
    'PRAGMA optimize',
    'PRAGMA main.wal_checkpoint',
    'CREATE TEMP TABLE x (a)',
    'CREATE TABLE temp.x (a)',
    'SELEC 1',
    'SELECT (1',
    "SELECT 'x",
  ])('refuses to parse %s', async (sql) => {
    expect(await execute(sql)).toBe('SQL_PARSE_ERROR');
  });

  it.each([
    'SELECT id FROM f GROUP BY id HAVING count(*) > 0',
    'SELECT id FROM (SELECT id FROM f GROUP BY id HAVING 1)',
    `SELECT 'HAVING' AS "HAVING", 1 AS [HAVING] -- HAVING`,
    'SELECT /* HAVING */ (SELECT id FROM f ORDER BY id LIMIT 1)',
    'SELECT row_number() OVER (PARTITION BY id ORDER BY position) FROM f',
    'SELECT row_number() OVER w FROM f WINDOW w AS (ORDER BY id)',
    'SELECT id AS a_1 FROM f ORDER BY position, id;',
    'PRAGMA cache_size',
    'PRAGMA main.user_version',
    'PRAGMA quick_check(1)',
    "CREATE TRIGGER t AFTER INSERT ON f BEGIN UPDATE f SET position = 1 WHERE id = 'x'; SELECT 1; END",
  ])('runs %s', async (sql) => {
    expect(await execute(sql)).toBe('ok');
  });

  it.each([
    ['SELECT ?1', [], 'ARGS_INVALID'],
    ['SELECT ?2', ['a'], 'ARGS_INVALID'],
    ['SELECT ?', ['a', 'b'], 'ARGS_INVALID'],
    ['SELECT 1', ['a'], 'ARGS_INVALID'],
    ['SELECT @a', [], 'ARGS_INVALID'],
    ["SELECT ?1, ?1, '?'", ['a'], 'ok'],
    ['', [], 'SQL_NO_STATEMENT'],
    ['-- nothing', [], 'SQL_NO_STATEMENT'],
    ['SELECT 1; SELECT 2', [], 'SQL_MANY_STATEMENTS'],
    ['SELECT nope FROM f', [], 'SQL_INPUT_ERROR'],
    ['SELECT 1 FROM nope', [], 'SQLITE_UNKNOWN'],
  ])('answers %s with %j with %s', async (sql, values, code) => {
    expect(await execute(sql, ...values)).toBe(code);
  });

  it('runs no part of a batch or a script with a parse error', async () => {
    const insert = "INSERT INTO f VALUES ('a', 1)";
    const broken = 'SELECT 1 HAVING 1';
    const send = await start();
    const steps = [{ stmt: { sql: insert } }, { stmt: { sql: broken } }];
    const [batch] = await send({ type: 'batch', batch: { steps } });
    const [script] = await send({ type: 'sequence', sql: `${insert}; ${broken}` });
    expect([batch, script]).toMatchObject([
      { error: { code: 'SQL_PARSE_ERROR' } },
      { error: { code: 'SQL_PARSE_ERROR' } },
    ]);
    const [counted] = await send({ type: 'execute', stmt: { sql: 'SELECT count(*) FROM f' } });
    expect(counted.response.result.rows).toEqual([[{ type: 'integer', value: '0' }]]);
  });
});
