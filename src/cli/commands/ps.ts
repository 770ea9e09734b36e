import { connect } from '../connect.ts';
import type { QueryOptions, CommandContext } from '../command-context.ts';
import { readLoaded, type LoadedReport } from '../read-loaded.ts';
import { toTable } from '../table.ts';
import type { Colors } from '../terminal.ts';
import { toPlain, toPlainJson } from '../../to-plain.ts';

/** Lists the models that are loaded now, on every provider. */
export async function ps({ terminal }: CommandContext, options: QueryOptions): Promise<void> {
  const { paddock, target } = await connect(options);
  const report = await terminal.during(`Asking ${target}`, readLoaded(paddock));
  terminal.print(options.json ? toPlainJson(report) : renderLoaded(report, terminal.colors));
}

/** Renders the loaded models as a table, followed by the providers that are not in it. */
export function renderLoaded(report: LoadedReport, colors: Colors): string {
  const { running, unknown, unreported } = report;
  const rows = running.map(({ id, state, contextWindow }) => [
    toPlain(id),
    (state === 'ready' ? colors.green : colors.yellow)(toPlain(state)),
    contextWindow === null ? '' : contextWindow.toLocaleString('en'),
  ]);
  const head = ['MODEL', 'STATE', 'CONTEXT'].map((title) => colors.dim(title));
  const notes = unknown.map(({ reason }) => `${colors.red('✗')} ${toPlain(reason)}`);
  if (unreported.length > 0) {
    const verb = unreported.length === 1 ? 'does' : 'do';
    const names = unreported.join(', ');
    notes.push(colors.dim(toPlain(`${names} ${verb} not report which models are loaded.`)));
  }
  const table = rows.length === 0 ? 'No model is loaded.' : toTable(head, rows);
  return [table, notes.join('\n')].filter((part) => part !== '').join('\n\n');
}
