import { connect } from '../connect.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { AskOptions, CommandContext } from '../program.ts';
import { toPlain } from '../table.ts';

/** Stops a model, or all of a provider. */
export async function unload(
  { terminal }: CommandContext,
  { id, all, url, json }: AskOptions & { id?: string; all?: string },
): Promise<void> {
  if ((id === undefined) === (all === undefined)) {
    throw new CommandError('Expected an ID or --all, and not both.', EXIT.usage);
  }
  const { paddock } = await connect(url === undefined ? {} : { url });
  const unloading = all === undefined ? paddock.unload(id ?? '') : paddock.unloadAll(all);
  const unloaded = await terminal.during('Waiting for the end of its process', unloading);
  const { provider, model } = unloaded;
  const said = model === null ? `All models of ${provider}` : `${provider}/${toPlain(model)}`;
  terminal.print(json ? JSON.stringify(unloaded) : `Unloaded: ${said}.`);
}
