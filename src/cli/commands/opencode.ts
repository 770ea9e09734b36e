import { readFile } from 'node:fs/promises';
import { connect } from '../connect.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { mergeOpencode } from '../merge-opencode.ts';
import type { AskOptions, CommandContext } from '../program.ts';
import { replaceFile } from '../replace-file.ts';
import { toPlain } from '../table.ts';

/** Prints an opencode configuration of the whole herd, or merges it into a file. */
export async function opencode(
  { terminal }: CommandContext,
  { into, url, json }: AskOptions & { into?: string },
): Promise<void> {
  const text = into === undefined ? null : await readConfiguration(into);
  const { paddock, asked } = await connect(url === undefined ? {} : { url });
  const config = await terminal.during(`Asking ${asked}`, paddock.opencodeConfig());
  if (into === undefined || text === null) {
    return terminal.print(JSON.stringify(config, null, json ? 0 : 2));
  }
  const merged = mergeOpencode(text, config);
  if (!merged.ok) throw new CommandError(`${into}: ${merged.message}`, EXIT.failed);
  if (merged.changes.length > 0) await replaceFile(into, merged.text);
  if (json) return terminal.print(JSON.stringify({ file: into, changes: merged.changes }));
  const said = merged.changes.length === 0 ? ['nothing to change'] : merged.changes;
  terminal.print(said.map((change) => `${into}: ${toPlain(change)}`).join('\n'));
}

/** The text of a configuration, empty where there is no such file yet. */
async function readConfiguration(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    const reason = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : code;
    const message = `${path} cannot be read (${reason}): it was left untouched.`;
    throw new CommandError(message, EXIT.failed);
  }
}
