import type { Paddock } from '../../client/client.ts';
import { PaddockApiError } from '../../client/paddock-api-error.ts';
import { toShellWord } from '../../client-settings/quoting.ts';
import { createPlainStream } from '../plain-stream.ts';
import { connect } from '../connect.ts';
import type { CommandContext, QueryOptions } from '../command-context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { requireOk } from '../require-ok.ts';
import { toSuggestion } from '../suggest-ids.ts';
import type { Terminal } from '../terminal.ts';

interface LogsOptions extends Pick<QueryOptions, 'url'> {
  readonly provider: string;
  readonly model?: string;
  readonly follow?: true;
}

/** Prints the log of a provider, or the part of one model. */
export async function logs({ terminal }: CommandContext, options: LogsOptions): Promise<void> {
  const { send, paddock } = await connect(options);
  const { provider, model } = await splitModel(options, paddock);
  const query = new URLSearchParams({
    ...(model !== undefined && { model }),
    ...(options.follow && { follow: '1' }),
  });
  const path = `/api/providers/${encodeURIComponent(provider)}/logs?${query}`;
  const opening = send(path, { signal: terminal.closed });
  const response = await terminal
    .during(`Asking ${provider}`, opening.then(requireOk))
    .catch(async (error: unknown) => {
      throw await explainUnknown(error, { asked: options.provider, paddock });
    });
  const isEmpty = !(await copy(response, terminal));
  if (isEmpty && !terminal.closed.aborted) terminal.printError(toEmptyMessage(provider, model));
}

/** A composite ID names the provider and the model at once, alone or after the provider. */
async function splitModel(
  { provider, model }: LogsOptions,
  paddock: Paddock,
): Promise<{ provider: string; model?: string }> {
  const slash = provider.indexOf('/');
  if (model?.startsWith(`${provider}/`) === true) {
    const known = await listModels(paddock);
    const isOwnName = known.some((one) => one.provider === provider && one.model === model);
    return { provider, model: isOwnName ? model : model.slice(provider.length + 1) };
  }
  if (model !== undefined) return { provider, model };
  if (slash === -1) return { provider };
  return { provider: provider.slice(0, slash), model: provider.slice(slash + 1) };
}

/** Returns the error for an unknown provider, with the right command where its name is that of a model. */
async function explainUnknown(
  error: unknown,
  { asked, paddock }: { asked: string; paddock: Paddock },
): Promise<unknown> {
  if (!(error instanceof PaddockApiError) || error.code !== 'unknown_provider') return error;
  const meant = (await listModels(paddock))
    .filter(({ model, aliases }) => model === asked || aliases.includes(asked))
    .map(({ provider, model }) => `paddock logs ${provider} ${toShellWord(model)}`);
  const advice = toSuggestion(meant);
  return advice === '' ? error : new CommandError(`${error.message}\n${advice}`, EXIT.usage);
}

/** Returns the models of the providers that give access to their log; none if they are not known. */
async function listModels(paddock: Paddock) {
  const { providers } = await paddock.models().catch(() => ({ providers: [] }));
  return providers.filter(({ can }) => can.logs).flatMap(({ models }) => models);
}

/** Prints a body as it arrives. Returns whether there was anything. A terminal gets it without control sequences. */
async function copy({ body }: Response, terminal: Terminal): Promise<boolean> {
  const decoder = new TextDecoder();
  const toPlain = createPlainStream();
  const isTerminal = terminal.width !== null;
  let hasText = false;
  try {
    for await (const bytes of body ?? []) {
      hasText = true;
      const part = isTerminal ? toPlain(decoder.decode(bytes, { stream: true })) : bytes;
      if (part.length > 0) await terminal.write(part);
    }
  } catch {
    if (terminal.closed.aborted) return hasText;
    throw new CommandError('The connection was lost: the log is incomplete.', EXIT.unreachable);
  }
  return hasText;
}

function toEmptyMessage(provider: string, model: string | undefined): string {
  return model === undefined
    ? `The log of ${provider} is empty.`
    : `${provider} has logged nothing for ${model} since it started.`;
}
