import type { Loaded } from '../../client/client.ts';
import { connect } from '../connect.ts';
import type { QueryOptions, CommandContext } from '../command-context.ts';
import { explainFailure } from '../explain-failure.ts';
import { requireOk } from '../require-ok.ts';
import { toPlain, toPlainJson } from '../../to-plain.ts';
import { toTimeLabel } from '../../../ui/console/completion/metrics.ts';

/** Loads a model, and waits until it is ready. */
export async function load(
  { terminal }: CommandContext,
  { id, ...options }: QueryOptions & { id: string },
): Promise<void> {
  const { paddock, send } = await connect(options);
  // Not by the client: its `fetch` gives up after five minutes.
  const loading = send('/api/load', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: id }),
  }).then(requireOk);
  const answer = await terminal
    .during(`Loading ${toPlain(id)}`, loading)
    .catch(async (error: unknown) => {
      throw await explainFailure(error, { id, paddock });
    });
  const loaded = (await answer.json()) as Loaded;
  if (options.json) return terminal.print(toPlainJson(loaded));
  terminal.print(`${toPlain(loaded.id)} is ready after ${toTimeLabel(loaded.loadMs)}.`);
}
