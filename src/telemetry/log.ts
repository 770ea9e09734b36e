import { toCauseFields, type CauseStyle } from './cause-fields.ts';
import type { Delivery, Exchange } from './exchange.ts';

/** The program's log. Callers must not pass secrets to it. */
export interface Log {
  error(message: string, cause?: unknown): void;
  warn(message: string, cause?: unknown): void;
  info(message: string): void;
  /** Logs one line for a request that has ended. */
  request(exchange: Exchange, delivery: Delivery): void;
}

/** A log line, with its fields in the order of output. Unknown fields are undefined and are left out. */
export interface LogLine {
  readonly level: Severity;
  /** The time of the event, in ISO 8601. */
  readonly time: string;
  /** The messages of the cause. */
  readonly reason?: string | undefined;
  readonly stack?: string | undefined;
  readonly msg: string;
}

/** The severity of a log line. */
export type Severity = 'error' | 'warn' | 'info';

/** A message of the program and its cause. */
export interface LogEntry {
  readonly level: Severity;
  readonly message: string;
  readonly cause?: unknown;
}

/** Options for log lines. */
export interface LineStyle extends CauseStyle {
  readonly time: string;
}

/** Converts a message of the program into a log line. */
export function toLogLine({ level, message, cause }: LogEntry, style: LineStyle): LogLine {
  const { time, redact } = style;
  return { level, time, ...toCauseFields(cause, style), msg: redact(message) };
}
