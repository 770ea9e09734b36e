import { existsSync } from 'node:fs';
import { SettingsError } from '../settings/settings-error.ts';

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

/** Whether whoever watches a terminal wants colours there. */
export function wantsColors({ NO_COLOR = '', TERM }: NodeJS.ProcessEnv): boolean {
  return NO_COLOR === '' && TERM !== 'dumb';
}
