import { existsSync } from 'node:fs';
import { constants, copyFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { ConfigFile, Snippet } from '../client-settings/client.ts';
import { CommandError, EXIT } from './exit-codes.ts';
import { TOML, YAML } from './line-formats.ts';
import { mergeJson } from './merge-json.ts';
import { mergeLines } from './merge-lines.ts';
import type { MergeOutcome } from './merge-outcome.ts';
import { readConfiguration } from './read-configuration.ts';
import { replaceFile } from './replace-file.ts';

/** The parts of the environment that decide where a client's files are. */
interface Machine {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
}

/** A file after settings were merged into it. */
export interface WrittenFile {
  readonly file: string;
  readonly changes: readonly string[];
  /** A copy of the file as it was before it first lost a value; null if it loses none now. */
  readonly backup: string | null;
}

/**
 * Merges snippets into the configuration files of their client and keeps everything else in them. It writes none of the files
 * if one of them cannot be merged.
 * @throws {CommandError} if a file cannot be read, merged or written
 */
export async function writeSettings(
  snippets: readonly Snippet[],
  machine: Machine = { home: homedir(), environment: process.env, platform: process.platform },
): Promise<WrittenFile[]> {
  const merged: (WrittenFile & { readonly text: string })[] = [];
  for (const snippet of snippets) {
    if (snippet.file === undefined) continue;
    const file = toPath(snippet.file, machine);
    const outcome = merge(await readConfiguration(file), snippet);
    if (!outcome.ok) {
      const message = `${file}: ${outcome.message} It was left untouched: paste the settings by hand.`;
      throw new CommandError(message, EXIT.failed);
    }
    const { changes, text, replaces = false } = outcome;
    merged.push({ file, changes, backup: replaces ? `${file}.bak` : null, text });
  }
  for (const { file, changes, backup, text } of merged) {
    if (backup !== null) await keepFirst(file, backup);
    if (changes.length > 0) await replaceFile(file, text);
  }
  return merged.map(({ file, changes, backup }) => ({ file, changes, backup }));
}

/** Copies a file unless an earlier copy exists, which holds what the user had at first. */
async function keepFirst(file: string, backup: string): Promise<void> {
  try {
    await copyFile(file, backup, constants.COPYFILE_EXCL);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const message = `${backup} cannot be written (${code}): nothing was changed.`;
    throw new CommandError(message, EXIT.failed);
  }
}

function merge(text: string, { language, text: wanted, file }: Snippet): MergeOutcome {
  if (language === 'json') return mergeJson(text, JSON.parse(wanted) as object);
  const format = language === 'toml' ? TOML : YAML;
  return mergeLines(text, { text: wanted, format, keep: file?.keep ?? [] });
}

/** Returns the path of a configuration file on a machine. */
function toPath(file: ConfigFile, machine: Machine): string {
  const path = toUsualPath(file, machine);
  const other = file.otherName === undefined ? path : join(dirname(path), file.otherName);
  return existsSync(other) ? other : path;
}

function toUsualPath({ path, macPath, folderVariable = '' }: ConfigFile, machine: Machine): string {
  const { home, environment, platform } = machine;
  const folder = environment[folderVariable] ?? '';
  if (folder !== '') return join(folder, basename(path));
  const usual = platform === 'darwin' ? (macPath ?? path) : path;
  const { XDG_CONFIG_HOME = '' } = environment;
  const config = isAbsolute(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : join(home, '.config');
  return usual.replace(/^~\/\.config(?=\/)/u, () => config).replace(/^~/u, () => home);
}
