/** The levels of the log, most important first. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
/** One of the log levels. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Whether a line of a level is logged if `LOG_LEVEL` is the limit. */
export function isLogged(level: LogLevel, limit: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(limit);
}
