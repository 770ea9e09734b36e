import { toChain } from '../errors.ts';
import type { Redact } from './redact.ts';

/** The log fields that describe the cause of a failure. */
export interface CauseFields {
  /** The messages of the cause and of its own causes, in one line. */
  readonly reason?: string;
  /** The message and the stack of each error. */
  readonly stack?: string;
}

/** The longest message of one error, in characters. */
const MAX_MESSAGE = 300;

/** Options for logging the cause of a failure. */
export interface CauseStyle {
  /** Whether the stacks are included. */
  readonly isWhole: boolean;
  readonly redact: Redact;
}

/** Converts the cause of a failure into log fields. */
export function toCauseFields(cause: unknown, { isWhole, redact }: CauseStyle): CauseFields {
  if (cause === undefined || cause === null) return {};
  const chain = toChain(cause);
  const messages = chain.map((error) => toMessage(error, redact));
  const reason = messages.join(': ');
  if (!isWhole) return { reason };
  const stacks = chain.map((error, index) => toStack(error, messages[index] ?? ''));
  return { reason, stack: stacks.join('\n') };
}

/** Returns an error's message without quoted text: a parser's message may quote a part of the body. */
function toMessage(error: unknown, redact: Redact): string {
  if (!(error instanceof Error)) return 'a value that is not an Error was thrown';
  if (error instanceof SyntaxError) return 'SyntaxError';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const message = error.message === '' ? code : error.message;
  return redact(message)
    .slice(0, MAX_MESSAGE)
    .replace(/"[^]*(?:"|$)/u, '"…"')
    .replaceAll(/\s+/gu, ' ');
}

function toStack(error: unknown, message: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack.split('\n').filter((line) => /^\s+at /u.test(line));
  const name = error instanceof Error ? error.name : typeof error;
  return [`${name}: ${message}`, ...frames].join('\n');
}
