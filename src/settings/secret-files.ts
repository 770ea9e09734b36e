import { pickText, type Environment } from './environment.ts';
import type { Fault } from '../registry/fault.ts';
import { findSettings } from './table.ts';

/** The settings that may be read from a file. The variable with the suffix `_FILE` contains the path. */
export const SECRET_SETTINGS = findSettings(({ secret = false }) => secret);

/** The largest file that is accepted as a secret, in bytes. */
export const MAX_SECRET_BYTES = 1 << 20;

/** The result of reading a file: its bytes, or the reason for a failure, in words that follow the variable's name. */
export type FileReading = Uint8Array | { readonly fault: string };

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Characters that no setting contains: control characters other than tabs and line breaks. */
const BINARY = /[^\P{Cc}\t\r\n]/u;

/** Returns the variable that names the file of a secret setting. */
export function toFileVariable(setting: string): string {
  return `${setting}_FILE`;
}

/**
 * Replaces the variables that name files with the contents of the files. No fault shows a path: a user may have put the
 * secret itself there by mistake.
 * @param read reads a file of at most `MAX_SECRET_BYTES`
 */
export function readSecretFiles(
  environment: Environment,
  read: (path: string) => FileReading,
): { readonly environment: Environment; readonly faults: readonly Fault[] } {
  const filled: Record<string, unknown> = { ...environment };
  const faults: Fault[] = [];
  for (const setting of SECRET_SETTINGS) {
    const variable = toFileVariable(setting);
    const path = pickText(environment, variable);
    delete filled[variable];
    if (path === null) continue;
    const isSetTwice = pickText(environment, setting) !== null;
    const text = isSetTwice
      ? { fault: `${setting} is set too: unset one of them` }
      : toText(read(path.trim()));
    if (typeof text === 'string') filled[setting] = text;
    else faults.push({ variable, message: text.fault });
  }
  return { environment: filled, faults };
}

/** Returns a fault for each variable that names a file, for platforms without files. */
export function findSecretFiles(environment: Environment): Fault[] {
  return SECRET_SETTINGS.filter(
    (setting) => pickText(environment, toFileVariable(setting)) !== null,
  ).map((setting) => ({
    variable: toFileVariable(setting),
    message: `there are no files on this platform: set ${setting} instead, as a secret`,
  }));
}

function toText(reading: FileReading): string | { fault: string } {
  if (!(reading instanceof Uint8Array)) return reading;
  let text: string;
  try {
    text = decoder.decode(reading);
  } catch {
    return { fault: 'expected a text file in UTF-8' };
  }
  if (BINARY.test(text)) return { fault: 'expected a text file, without control characters' };
  if (text.trim() === '') return { fault: 'the file is empty: write the value into it' };
  return text.replace(/(?:\r?\n)+$/u, '');
}
