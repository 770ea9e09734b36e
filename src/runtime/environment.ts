import { existsSync } from 'node:fs';
import { SettingsError } from '../registry/fault.ts';
import { LOG_LEVELS, type LogLevel } from '../registry/variables.ts';
import type { Log } from '../http/log.ts';

/**
 * The process's environment, with what a `.env` file in the working directory adds to it.
 * @throws {SettingsError} where that file cannot be read
 */
export function readEnvironment(): NodeJS.ProcessEnv {
  // Bun has done so by itself.
  if (process.versions['bun'] === undefined && existsSync('.env')) loadFile('.env');
  return process.env;
}

function loadFile(path: string): void {
  try {
    process.loadEnvFile(path);
  } catch {
    const message = 'cannot be read: make it a text file that you may read, or remove it';
    throw new SettingsError([{ variable: path, message }]);
  }
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
    info: (message) => write('info', { message }),
    request: (line) => write(line.level, line),
  };
}
