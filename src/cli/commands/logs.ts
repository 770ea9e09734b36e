import { createPlainStream } from '../plain-stream.ts';
import { connect } from '../connect.ts';
import type { CommandContext, QueryOptions } from '../command-context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { requireOk } from '../require-ok.ts';
import type { Terminal } from '../terminal.ts';

interface LogsOptions extends Pick<QueryOptions, 'url'> {
  readonly provider: string;
  readonly model?: string;
  readonly follow?: true;
}

/** Prints the log of a provider, or the part of one model. */
export async function logs({ terminal }: CommandContext, options: LogsOptions): Promise<void> {
  const { provider, model } = splitModel(options);
  const { send } = await connect(options);
  const query = new URLSearchParams({
    ...(model !== undefined && { model }),
    ...(options.follow && { follow: '1' }),
  });
  const path = `/api/providers/${encodeURIComponent(provider)}/logs?${query}`;
  const opening = send(path, { signal: terminal.closed });
  const response = await requireOk(await terminal.during(`Asking ${provider}`, opening));
  const isEmpty = !(await copy(response, terminal));
  if (isEmpty && !terminal.closed.aborted) terminal.printError(toEmptyMessage(provider, model));
}

/** A composite ID names the provider and the model at once. */
function splitModel({ provider, model }: LogsOptions): { provider: string; model?: string } {
  const slash = provider.indexOf('/');
  if (model !== undefined) return { provider, model };
  if (slash === -1) return { provider };
  return { provider: provider.slice(0, slash), model: provider.slice(slash + 1) };
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
