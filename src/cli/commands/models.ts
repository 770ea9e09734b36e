import type { Catalog, Model } from '../../client/client.ts';
import { connect } from '../connect.ts';
import type { AskOptions, CommandContext } from '../program.ts';
import { toPlain, toTable, type Row } from '../table.ts';
import type { Colors } from '../terminal.ts';

/** Lists every model, favorites first, as the hosts say now. */
export async function models(
  { terminal }: CommandContext,
  { url, json }: AskOptions & { url?: string },
): Promise<void> {
  const { paddock, asked } = await connect(url === undefined ? {} : { url });
  const catalog = await terminal.during(`Asking ${asked}`, paddock.models({ refresh: true }));
  terminal.print(json ? JSON.stringify(catalog) : renderModels(catalog, terminal.colors));
}

/** The catalog as a table. */
export function renderModels(catalog: Catalog, colors: Colors): string {
  const rows: Row[] = [];
  if (catalog.favorites.length > 0) {
    rows.push(colors.bold('Favorites'), ...catalog.favorites.map((model) => toRow(model, colors)));
  }
  for (const { name, label, status, error, models: all } of catalog.providers) {
    const title = label === name ? name : `${name}, ${label}`;
    const state = status === 'online' ? colors.green(status) : colors.red(status);
    rows.push('', `${colors.bold(toPlain(title))}  ${state}`);
    if (error !== null) rows.push(`  ${colors.dim(toPlain(error.message))}`);
    rows.push(...all.map((model) => toRow(model, colors)));
  }
  const head = ['', 'MODEL', 'STATE', 'CONTEXT', 'CAN'].map((title) => colors.dim(title));
  const lines = [toTable(head, rows)];
  if (catalog.hiddenFavorites > 0) {
    lines.push(
      '',
      `Favorites that are hidden now: ${catalog.hiddenFavorites} (paddock doctor says why)`,
    );
  }
  if (catalog.favoritesError !== undefined) lines.push('', toPlain(catalog.favoritesError.message));
  return lines.join('\n');
}

function toRow(model: Model, colors: Colors): string[] {
  const { id, state, contextWindow, capabilities, favorite } = model;
  return [
    favorite ? colors.yellow('★') : ' ',
    toPlain(id),
    state === 'ready' ? colors.green(state) : colors.dim(state),
    contextWindow === null ? '' : contextWindow.toLocaleString('en'),
    toPlain(capabilities.join(', ')),
  ];
}
