import { existsSync } from 'node:fs';
import { SettingsError } from '../settings/settings-error.ts';

/** Returns the environment with that of `.env` in the working directory. Throws if it cannot be read. */
export function readEnvironment(): NodeJS.ProcessEnv {
  // Bun loads `.env` itself.
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

/** Whether the environment allows colors on a terminal. */
export function wantsColors({ NO_COLOR = '', TERM }: NodeJS.ProcessEnv): boolean {
  return NO_COLOR === '' && TERM !== 'dumb';
}
