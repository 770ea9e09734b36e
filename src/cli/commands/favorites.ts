import type { Favorite, Paddock } from '../../client/client.ts';
import { PaddockApiError } from '../../client/paddock-api-error.ts';
import { connect } from '../connect.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
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
  const rows = favorites.map(({ id, available, position }) => [
    colors.yellow('★'),
    String(position + 1),
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
  const { note } = available === false ? await paddock.resolve(id) : {};
  if (note !== undefined) terminal.printError(toPlain(note));
}

/** Removes a favorite. */
export async function removeFavorite(
  { terminal }: CommandContext,
  { id, ...options }: OneOptions,
): Promise<void> {
  // Connects without `writes`: if there is no database, there is nothing to remove and no reason to create one.
  const { paddock } = await connect(options);
  const favorites = await paddock.favorites.list();
  await paddock.favorites.remove(id);
  if (options.json) return terminal.print(toPlainJson({ removed: id }));
  const { favorite } = await findFavorite(id, { favorites, paddock });
  const words = favorite === undefined ? 'was not a favorite' : 'is no longer a favorite';
  terminal.print(`${toPlain(id)} ${words}.`);
}

/** Moves a favorite to another place in the order. */
export async function moveFavorite(
  { terminal }: CommandContext,
  { id, position, ...options }: OneOptions & { position: string },
): Promise<void> {
  const { paddock, target } = await connect(options);
  const favorites = await terminal.during(`Asking ${target}`, paddock.favorites.list());
  const { id: moved } = await requireFavorite(id, { favorites, paddock });
  const others = favorites.map((one) => one.id).filter((one) => one !== moved);
  const at = parsePosition(position, favorites.length);
  const order = await paddock.favorites
    .reorder(others.toSpliced(at, 0, moved))
    .catch(explainConflict);
  if (options.json) return terminal.print(toPlainJson(order[at]));
  terminal.print(`${toPlain(moved)} is favorite ${at + 1} of ${order.length}.`);
}

interface FavoritesOf {
  readonly favorites: readonly Favorite[];
  readonly paddock: Paddock;
}

/** Returns the favorite that an ID means, if there is one, and the composite ID. */
async function findFavorite(
  id: string,
  { favorites, paddock }: FavoritesOf,
): Promise<{ favorite: Favorite | undefined; id: string }> {
  // The literal ID first: a favorite of a removed provider resolves to nothing.
  const literal = favorites.find((one) => one.id === id);
  if (literal !== undefined) return { favorite: literal, id };
  const meant = await paddock.resolve(id);
  return { favorite: favorites.find((one) => one.id === meant.id), id: meant.id };
}

/** @throws {CommandError} if the model is not a favorite */
async function requireFavorite(text: string, known: FavoritesOf): Promise<Favorite> {
  const { favorite, id } = await findFavorite(text, known);
  if (favorite !== undefined) return favorite;
  const message = `${id} is not a favorite. To add it: paddock favorites add ${id}`;
  throw new CommandError(message, EXIT.failed);
}

/** Returns the index for a position in words or counted from 1. Throws `CommandError` if there is none. */
export function parsePosition(text: string, count: number): number {
  if (text === 'first') return 0;
  if (text === 'last') return count - 1;
  const position = /^[0-9]{1,4}$/u.test(text) ? Number(text) : 0;
  if (position >= 1 && position <= count) return position - 1;
  const range = count === 1 ? '1' : `1 to ${count}`;
  throw new CommandError(
    `Expected a position (${range}, first or last) but received "${text}".`,
    EXIT.usage,
  );
}

function explainConflict(error: unknown): never {
  if (!(error instanceof PaddockApiError) || error.code !== 'conflict') throw error;
  throw new CommandError(
    'Another client changed the favorites: run the command again.',
    EXIT.failed,
  );
}
