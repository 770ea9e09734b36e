/** What a log says of what lay under a failure. */
export interface CauseFields {
  /** Its message, and of what lay under that, in one line. */
  readonly reason?: string;
  /** Where it came from: each error's message and stack. */
  readonly stack?: string;
}

const MAX_DEPTH = 5;
/** The longest message of one error, in characters. */
const MAX_MESSAGE = 300;

/** Puts the cause of a failure into fields; where it came from only where all of it is wanted. */
export function toCauseFields(cause: unknown, isWhole: boolean): CauseFields {
  if (cause === undefined || cause === null) return {};
  const chain = toChain(cause);
  const reason = chain.map(toMessage).join(': ');
  return isWhole ? { reason, stack: chain.map(toStack).join('\n') } : { reason };
}

function toChain(cause: unknown): unknown[] {
  const chain = [];
  for (let at = cause; at !== undefined && at !== null && chain.length < MAX_DEPTH;) {
    chain.push(at);
    at = at instanceof Error ? at.cause : undefined;
  }
  return chain;
}

/** An error's message without what it may quote of a body: a parser shows the text that it stumbled over. */
function toMessage(error: unknown): string {
  if (!(error instanceof Error)) return 'no error but something else was thrown';
  if (error instanceof SyntaxError) return 'SyntaxError';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const message = error.message === '' ? code : error.message;
  return message
    .slice(0, MAX_MESSAGE)
    .replace(/"[^]*(?:"|$)/u, '"…"')
    .replaceAll(/\s+/gu, ' ');
}

function toStack(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack.split('\n').filter((line) => /^\s+at /u.test(line));
  const name = error instanceof Error ? error.name : typeof error;
  return [`${name}: ${toMessage(error)}`, ...frames].join('\n');
}
