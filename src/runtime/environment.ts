import { existsSync } from 'node:fs';
import { LOG_LEVELS, type LogLevel } from '../registry/variables.ts';
import type { Log } from '../http/log.ts';

/** The process's environment, with what a `.env` file in the working directory adds to it. */
export function readEnvironment(): NodeJS.ProcessEnv {
  // Bun has done so by itself.
  if (process.versions['bun'] === undefined && existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/** Logs to the standard error stream what its level lets through. */
export function createConsoleLog(level: LogLevel): Log {
  const write = (at: LogLevel, { message, cause }: { message: string; cause?: unknown }) => {
    if (LOG_LEVELS.indexOf(at) > LOG_LEVELS.indexOf(level)) return;
    const reason = cause instanceof Error ? ` (${cause.message})` : '';
    console.error(`${new Date().toISOString()} ${at}: ${message}${reason}`);
    if (level === 'debug' && cause !== undefined) console.error(cause);
  };
  return {
    error: (message, cause) => write('error', { message, cause }),
    warn: (message, cause) => write('warn', { message, cause }),
  };
}
