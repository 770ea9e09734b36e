// Refuses statements that a real libSQL server refuses although SQLite accepts them. The server parses each statement
// with the grammar of the crate libsql-sqlite3-parser before SQLite sees it. This is not a parser: it covers only the
// differences that matter, and SQLite reports all other faults.

/** A statement that the server refuses, with the code of its Hrana error. */
export class StatementError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** PRAGMAs that the server runs with a value or an argument. It refuses all others with one as unsupported. */
const PRAGMAS_WITH_VALUE =
  /^(?:TABLE_X?INFO|INDEX_X?INFO|INDEX_LIST|FOREIGN_KEYS|FOREIGN_KEY_(?:LIST|CHECK)|DEFER_FOREIGN_KEYS|INTEGRITY_CHECK|QUICK_CHECK|USER_VERSION|ENCODING)$/u;

/** PRAGMAs that the server never runs. */
const REFUSED_PRAGMAS = /^(?:OPTIMIZE|WAL_CHECKPOINT|SHRINK_MEMORY|INCREMENTAL_VACUUM)$/u;

const TOKEN =
  /\s+|--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|\?\d*|[:@$#]\w+|[\w\u0080-\uffff]+(?:\.\w+)?|[^]/gu;

/**
 * Checks every statement of a text.
 * @throws {StatementError} if the server could not parse one
 */
export function checkGrammar(sql: string): void {
  for (const words of splitStatements(sql)) {
    checkKind(words);
    checkClauses(words);
    const number = words.find((word) => /^\d\w*_/u.test(word) && !/^0x/iu.test(word));
    if (number !== undefined) throw toParseError(`bad number: ${number}`);
  }
}

/** The arguments of a statement. */
export interface StatementArguments {
  readonly positional: number;
  readonly named: readonly string[];
}

/**
 * Requires exactly one statement with a value for each parameter, as in an `execute` or a step of a batch.
 * @throws {StatementError} if the text is not such a statement
 */
export function checkSingle(sql: string, args: StatementArguments): void {
  const statements = splitStatements(sql);
  if (statements.length === 0) {
    throw new StatementError('SQL_NO_STATEMENT', 'SQL string does not contain any statement');
  }
  if (statements.length > 1) {
    throw new StatementError('SQL_MANY_STATEMENTS', 'SQL string contains more than one statement');
  }
  const reason = findMismatch(statements[0] ?? [], args);
  if (reason === null) return;
  throw new StatementError('ARGS_INVALID', `Arguments do not match SQL parameters: ${reason}`);
}

function findMismatch(
  words: readonly string[],
  { positional, named }: StatementArguments,
): string | null {
  const names = words.filter((word) => /^[:@$#]\w/u.test(word));
  const missing = names.find((name) => !named.includes(name) && !named.includes(name.slice(1)));
  if (missing !== undefined) return `value for parameter ${missing} not found`;
  const expected = countPositional(words);
  if (positional < expected) return `value for parameter ${positional + 1} not found`;
  return positional > expected
    ? `too many parameters, expected ${expected} found ${positional}`
    : null;
}

/** Whether a statement of a text would change the database. */
export function isWriting(sql: string): boolean {
  const writes = /^(?:INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|REINDEX)$/u;
  return splitStatements(sql).some(
    ([first = '', ...rest]) =>
      writes.test(first) || (first === 'WITH' && rest.some((word) => writes.test(word))),
  );
}

/** Returns the words of each statement, in upper case unless they are literals. */
function splitStatements(sql: string): string[][] {
  const statements: string[][] = [[]];
  let isTrigger = false;
  for (const [token] of sql.matchAll(TOKEN)) {
    if (/^(?:\s|--|\/\*)/u.test(token)) continue;
    const words = statements.at(-1) ?? [];
    const word = /^\w/u.test(token) ? token.toUpperCase() : token;
    if (word === 'TRIGGER' && words[0] === 'CREATE') isTrigger = true;
    if (word === ';' && (!isTrigger || words.at(-1) === 'END')) {
      isTrigger = false;
      statements.push([]);
    } else {
      words.push(word);
    }
  }
  return statements.filter((words) => words.length > 0);
}

function checkKind(words: readonly string[]): void {
  const [first = '', second = '', third = ''] = words;
  const pragma = second.replace(/^\w+\./u, '');
  const isUnsupported =
    /^(?:VACUUM|ANALYZE|ATTACH)$/u.test(first) ||
    (first === 'CREATE' && /^TEMP(?:ORARY)?$/u.test(second)) ||
    (first === 'CREATE' && third.startsWith('TEMP.')) ||
    (first === 'PRAGMA' && REFUSED_PRAGMAS.test(pragma)) ||
    (first === 'PRAGMA' && third !== '' && !PRAGMAS_WITH_VALUE.test(pragma));
  if (isUnsupported) throw toParseError(`unsupported statement: ${words.join(' ')}`);
}

/** Allows `HAVING` only after `GROUP BY`, and no `ORDER BY` in the arguments of a function. */
function checkClauses(words: readonly string[]): void {
  const open = [{ before: '', isSelect: true, isGrouped: false }];
  for (const [index, word] of words.entries()) {
    const scope = open.at(-1);
    if (scope === undefined) return;
    if (word === '(') {
      open.push({ before: words[index - 1] ?? '', isSelect: false, isGrouped: false });
    } else if (word === ')') {
      open.pop();
    } else if (word === 'SELECT' || word === 'VALUES') {
      Object.assign(scope, { isSelect: true, isGrouped: false });
    } else if (word === 'GROUP' && words[index + 1] === 'BY') {
      scope.isGrouped = true;
    } else if (word === 'HAVING' && !scope.isGrouped) {
      throw toParseError('near HAVING, "None": syntax error');
    } else if (word === 'ORDER' && !scope.isSelect && !/^(?:OVER|AS)$/u.test(scope.before)) {
      throw toParseError('near ORDER, "None": syntax error');
    }
  }
}

function countPositional(words: readonly string[]): number {
  let most = 0;
  for (const word of words.filter((each) => each.startsWith('?'))) {
    most = word === '?' ? most + 1 : Math.max(most, Number(word.slice(1)));
  }
  return most;
}

/** Returns the server's error for a text that it cannot parse. */
export function toParseError(reason: string): StatementError {
  return new StatementError('SQL_PARSE_ERROR', `SQL string could not be parsed: ${reason}`);
}
