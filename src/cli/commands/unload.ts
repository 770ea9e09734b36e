import { connect } from '../connect.ts';
import type { QueryOptions, CommandContext } from '../command-context.ts';
import { toPlain, toPlainJson } from '../../to-plain.ts';

/** Unloads a model, or all models of a provider. */
export async function unload(
  { terminal }: CommandContext,
  { id = '', all, ...options }: QueryOptions & { id?: string; all?: string },
): Promise<void> {
  const { paddock } = await connect(options);
  const unloading = all === undefined ? paddock.unload(id) : paddock.unloadAll(all);
  const unloaded = await terminal.during('Waiting for the process to end', unloading);
  if (options.json) return terminal.print(toPlainJson(unloaded));
  const { provider, model } = unloaded;
  terminal.print(
    toPlain(`Unloaded: ${model === null ? `all models of ${provider}` : `${provider}/${model}`}.`),
  );
}
