import { toCauseFields, type CauseStyle } from './cause-fields.ts';

/** A line of the log, with its fields in the order in which they stand; what is not known is undefined, and left out. */
export interface LogLine {
  readonly level: Severity;
  /** When it was, as ISO 8601 has it. */
  readonly time: string;
  /** What lay under it. */
  readonly reason?: string | undefined;
  readonly stack?: string | undefined;
  readonly msg: string;
}

/** How grave it is what a line tells. */
export type Severity = 'error' | 'warn' | 'info';

/** What the program says, and what lay under it. */
export interface Saying {
  readonly level: Severity;
  readonly message: string;
  readonly cause?: unknown;
}

/** How lines are written. */
export interface LineStyle extends CauseStyle {
  /** When what they tell was, as ISO 8601 has it. */
  readonly time: string;
}

/** Puts what the program says into a line. */
export function toLogLine({ level, message, cause }: Saying, style: LineStyle): LogLine {
  const { time, redact } = style;
  return { level, time, ...toCauseFields(cause, style), msg: redact(message) };
}
