import { connect } from '../connect.ts';
import type { QueryOptions, CommandContext } from '../command-context.ts';
import { toTable } from '../table.ts';
import { toPlain, toPlainJson } from '../../to-plain.ts';

type OneOptions = QueryOptions & { id: string };

/** Lists the favorites in order, including hidden ones. */
export async function listFavorites(
  { terminal }: CommandContext,
  options: QueryOptions,
): Promise<void> {
  const { paddock, target } = await connect(options);
  const favorites = await terminal.during(`Asking ${target}`, paddock.favorites.list());
  if (options.json) return terminal.print(toPlainJson(favorites));
  if (favorites.length === 0) {
    return terminal.print(
      'There are no favorites yet. To add one: paddock favorites add provider/model',
    );
  }
  const { colors } = terminal;
  const rows = favorites.map(({ id, available }) => [
    colors.yellow('★'),
    toPlain(id),
    available === false ? colors.dim('hidden') : '',
  ]);
  terminal.print(toTable([], rows));
}

/** Adds a favorite at the end. */
export async function addFavorite(
  { terminal }: CommandContext,
  { id, ...options }: OneOptions,
): Promise<void> {
  const { paddock } = await connect({ ...options, writes: true });
  const favorite = await paddock.favorites.add(id);
  if (options.json) return terminal.print(toPlainJson(favorite));
  const { position, available } = favorite;
  const hidden = available === false ? ' It is hidden until its provider lists it.' : '';
  terminal.print(`${toPlain(favorite.id)} is favorite ${position + 1}.${hidden}`);
}

/** Removes a favorite. */
export async function removeFavorite(
  { terminal }: CommandContext,
  { id, ...options }: OneOptions,
): Promise<void> {
  // Connects without `writes`: if there is no database, there is nothing to remove and no reason to create one.
  const { paddock } = await connect(options);
  await paddock.favorites.remove(id);
  const message = `${toPlain(id)} is not a favorite any more.`;
  terminal.print(options.json ? toPlainJson({ removed: id }) : message);
}
