import type { Catalog, Model } from '../../client/client.ts';
import { connect } from '../connect.ts';
import type { QueryOptions, CommandContext } from '../command-context.ts';
import { toTable, type Row } from '../table.ts';
import type { Colors } from '../terminal.ts';
import { toPlain, toPlainJson } from '../../to-plain.ts';

/** Lists every model, favorites first, after probing all providers. */
export async function models({ terminal }: CommandContext, options: QueryOptions): Promise<void> {
  const { paddock, target } = await connect(options);
  const catalog = await terminal.during(`Asking ${target}`, paddock.models({ refresh: true }));
  terminal.print(options.json ? toPlainJson(catalog) : renderModels(catalog, terminal.colors));
}

/** Renders the catalog as a table, followed by the favorites that are not in it. */
export function renderModels(catalog: Catalog, colors: Colors): string {
  const { favorites, hiddenFavorites, favoritesError } = catalog;
  const rows: Row[] = [];
  if (favorites.length > 0) {
    rows.push(colors.bold('Favorites'), ...favorites.map((model) => toRow(model, colors)));
  }
  for (const { name, label, status, error, models: all } of catalog.providers) {
    const title = colors.bold(toPlain(label === name ? name : `${name}, ${label}`));
    const paint = status === 'online' ? colors.green : colors.red;
    if (rows.length > 0) rows.push('');
    rows.push(`${title}  ${paint(toPlain(status))}`);
    if (error !== null) rows.push(`  ${colors.dim(toPlain(error.message))}`);
    rows.push(...all.map((model) => toRow(model, colors)));
  }
  const head = ['', 'MODEL', 'STATE', 'CONTEXT', 'CAN'].map((title) => colors.dim(title));
  const notes: string[] = [];
  if (hiddenFavorites > 0) {
    notes.push(`Hidden favorites: ${hiddenFavorites} (paddock doctor shows why)`);
  }
  if (favoritesError !== undefined) notes.push(toPlain(favoritesError.message));
  return [toTable(head, rows), ...notes].join('\n\n');
}

function toRow(model: Model, colors: Colors): string[] {
  const { id, state, contextWindow, capabilities, favorite } = model;
  const paint = state === 'ready' ? colors.green : colors.dim;
  return [
    favorite ? colors.yellow('★') : ' ',
    toPlain(id),
    paint(toPlain(state)),
    contextWindow === null ? '' : contextWindow.toLocaleString('en'),
    toPlain(capabilities.join(', ')),
  ];
}
