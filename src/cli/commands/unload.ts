import type { Paddock, Unloaded } from '../../client/client.ts';
import { connect } from '../connect.ts';
import type { QueryOptions, CommandContext } from '../command-context.ts';
import { explainFailure } from '../explain-failure.ts';
import { toPlain, toPlainJson } from '../../to-plain.ts';

/** The unloaded model, and whether any was loaded before; null if that is unknown. */
type Result = Unloaded & { readonly wasLoaded: boolean | null };

/** Unloads a model, or all models of a provider. */
export async function unload(
  { terminal }: CommandContext,
  { id = '', all, ...options }: QueryOptions & { id?: string; all?: string },
): Promise<void> {
  const { paddock } = await connect(options);
  const unloading = all === undefined ? unloadOne(id, paddock) : unloadAll(all, paddock);
  const result = await terminal.during('Waiting for the process to end', unloading);
  terminal.print(options.json ? toPlainJson(result) : toPlain(toSentence(result)));
}

function toSentence({ provider, model, wasLoaded }: Result): string {
  if (model === null) {
    return wasLoaded === false
      ? `No model of ${provider} was loaded.`
      : `Unloaded: all models of ${provider}.`;
  }
  const id = `${provider}/${model}`;
  return wasLoaded === false ? `${id} was not loaded.` : `Unloaded: ${id}.`;
}

// A model that is not loaded is unloaded too: the provider may have started it since, and only the provider knows all of
// its models.
async function unloadOne(id: string, paddock: Paddock): Promise<Result> {
  const { provider, model } = await paddock.resolve(id);
  const running = await readRunning(provider, paddock);
  const wasLoaded = running === null ? null : await isLoaded({ provider, model, running }, paddock);
  const unloading = paddock.unload(id).catch(async (error: unknown) => {
    throw await explainFailure(error, { id, paddock });
  });
  return { ...(await unloading), wasLoaded };
}

async function unloadAll(provider: string, paddock: Paddock): Promise<Result> {
  const running = await readRunning(provider, paddock);
  return { ...(await paddock.unloadAll(provider)), wasLoaded: running && running.length > 0 };
}

/** Returns the names of the loaded models, or null if the provider does not report them. */
async function readRunning(provider: string, paddock: Paddock): Promise<readonly unknown[] | null> {
  const answer = await paddock.running(provider).catch(() => null);
  return answer && answer.running.map((entry) => entry['model']);
}

/** Whether a model is loaded, by its name or by an alias of its provider; null if that is unknown. */
async function isLoaded(
  { provider, model, running }: { provider: string; model: string; running: readonly unknown[] },
  paddock: Paddock,
): Promise<boolean | null> {
  if (running.includes(model)) return true;
  const { providers } = await paddock.models();
  const models = providers.find(({ name }) => name === provider)?.models ?? [];
  const entry = models.find((one) => one.model === model || one.aliases.includes(model));
  if (entry?.kind === 'model') return running.includes(entry.model);
  return entry?.state === 'stopped' ? false : null;
}
