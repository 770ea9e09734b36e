import type { Catalog, Model } from '../../client/client.ts';
import { connect } from '../connect.ts';
import type { QueryOptions, CommandContext } from '../command-context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { toUnknownMessage } from '../find-similar.ts';
import { filterCatalog, type ModelFilter } from '../filter-catalog.ts';
import { suggestIds, toSuggestion } from '../suggest-ids.ts';
import { toMissingNote } from '../to-missing-note.ts';
import { toFittedTable, type Row } from '../table.ts';
import type { Colors, Terminal } from '../terminal.ts';
import { toPlain, toPlainJson } from '../../to-plain.ts';

interface ModelsOptions extends QueryOptions, ModelFilter {
  readonly refresh?: true;
}

/** Lists the models that match, favorites first; all of them without a filter. */
export async function models({ terminal }: CommandContext, options: ModelsOptions): Promise<void> {
  const { refresh = false, pattern, provider, ready, json } = options;
  const { paddock, target } = await connect(options);
  const catalog = await terminal.during(`Asking ${target}`, paddock.models({ refresh }));
  const isFiltered = [pattern, provider, ready].some((one) => one !== undefined);
  if (!isFiltered) {
    return terminal.print(json ? toPlainJson(catalog) : renderModels(catalog, terminal));
  }
  if (provider !== undefined) requireProvider(provider, catalog);
  const found = filterCatalog(catalog, options);
  if (json) terminal.print(toPlainJson(found));
  const groups = found.providers.filter((group) => group.models.length > 0);
  if (groups.length === 0) throw toNoMatch(options, { catalog, searched: found.providers });
  if (json) return;
  const shown = { ...found, providers: groups, hiddenFavorites: 0 };
  terminal.print(renderModels(shown, terminal));
  const missing = toMissingNote(found.providers);
  if (missing !== '') terminal.printError(toPlain(missing));
}

type Groups = Catalog['providers'];

/** @throws {CommandError} if no provider has this name */
function requireProvider(name: string, { providers }: Catalog): void {
  const known = providers.map((one) => one.name);
  if (known.includes(name)) return;
  throw new CommandError(toUnknownMessage(name, { word: 'provider', known }), EXIT.usage);
}

/** Returns the error for a filter that no model matches. Models of an offline provider may match. */
function toNoMatch(
  { pattern, provider, ready }: ModelFilter,
  { catalog, searched }: { catalog: Catalog; searched: Groups },
): CommandError {
  const what = `${ready ? 'No ready model' : 'No model'}${provider === undefined ? '' : ` of ${provider}`}`;
  const isNotListed = pattern === undefined ? 'is listed' : `matches "${pattern}"`;
  const suggestion =
    pattern === undefined || ready ? '' : toSuggestion(suggestIds(pattern, catalog));
  const missing = toMissingNote(searched);
  const isUnknown = missing !== '' && provider !== undefined;
  const sentences = `${what} ${isNotListed}. ${suggestion}`.trim();
  const message = missing === '' ? sentences : `${sentences}\n${missing}`;
  return new CommandError(message, isUnknown ? EXIT.unreachable : EXIT.failed);
}

/** Renders the catalog as a table, followed by the favorites that are not in it. */
export function renderModels(
  catalog: Catalog,
  { colors, width }: Pick<Terminal, 'colors' | 'width'>,
): string {
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
  return [toFittedTable({ head, rows }, width), ...notes].join('\n\n');
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
