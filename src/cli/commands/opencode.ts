import { parse } from 'jsonc-parser';
import type { OpencodeConfig, Paddock } from '../../client/client.ts';
import { connect } from '../connect.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { mergeOpencode } from '../merge-opencode.ts';
import { findOldReferences } from '../old-references.ts';
import type { QueryOptions, CommandContext } from '../command-context.ts';
import { readConfiguration } from '../read-configuration.ts';
import { replaceFile } from '../replace-file.ts';
import { toMissingNote } from '../to-missing-note.ts';
import { toPlain, toPlainJson } from '../../to-plain.ts';

/** Prints an opencode configuration for all providers, or merges it into a file. */
export async function opencode(
  { terminal }: CommandContext,
  { into, ...options }: QueryOptions & { into?: string },
): Promise<void> {
  // Report an unreadable file before querying Paddock.
  const text = into === undefined ? null : await readConfiguration(into);
  const { paddock, target } = await connect(options);
  const { config, missing } = await terminal.during(`Asking ${target}`, fetchConfig(paddock));
  if (into === undefined || text === null) {
    terminal.print(toPlainJson(config, options.json ? 0 : 2));
  } else {
    const done = await merge({ file: into, text, config }, paddock);
    terminal.print(options.json ? toPlainJson(done) : renderMerge(done));
  }
  if (missing !== '') terminal.printError(toPlain(`${missing} Run this command again later.`));
}

/** Returns the configuration, and a note on the providers whose models are missing from it. */
async function fetchConfig(paddock: Paddock) {
  const config = await paddock.opencodeConfig();
  // This list comes from the same probes as the configuration.
  const { providers } = await paddock.models();
  return { config, missing: toMissingNote(providers) };
}

/** The result of a merge into a file. */
interface Merged {
  readonly file: string;
  readonly changes: readonly string[];
  readonly hints: readonly string[];
}

async function merge(
  { file, text, config }: { file: string; text: string; config: OpencodeConfig },
  paddock: Paddock,
): Promise<Merged> {
  const merged = mergeOpencode(text, config);
  if (!merged.ok) throw new CommandError(`${file}: ${merged.message}`, EXIT.failed);
  if (merged.changes.length > 0) await replaceFile(file, merged.text);
  const value = parse(merged.text.replace(/^\u{feff}/u, '')) as Record<string, unknown>;
  const hints = await findOldReferences(value, paddock);
  return { file, changes: merged.changes, hints };
}

function renderMerge({ file, changes, hints }: Merged): string {
  const done = changes.length === 0 ? ['nothing to change'] : changes;
  return [...done, ...hints].map((line) => toPlain(`${file}: ${line}`)).join('\n');
}
