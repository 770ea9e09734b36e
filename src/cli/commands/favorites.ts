import { connect } from '../connect.ts';
import type { AskOptions, CommandContext } from '../program.ts';
import { toPlain, toTable } from '../table.ts';

type OneOptions = AskOptions & { id: string };

/** Lists the favorites in their order, hidden ones too. */
export async function listFavorites(
  { terminal }: CommandContext,
  { url, json }: AskOptions,
): Promise<void> {
  const { paddock, asked } = await connect(url === undefined ? {} : { url });
  const favorites = await terminal.during(`Asking ${asked}`, paddock.favorites.list());
  if (json) return terminal.print(JSON.stringify(favorites));
  if (favorites.length === 0) {
    return terminal.print('There is no favorite yet: paddock favorites add provider/model');
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
  { id, url, json }: OneOptions,
): Promise<void> {
  const { paddock } = await connect({ writes: true, ...(url !== undefined && { url }) });
  const favorite = await paddock.favorites.add(id);
  const said = `${toPlain(favorite.id)} is favorite ${favorite.position + 1}.`;
  terminal.print(json ? JSON.stringify(favorite) : said);
}

/** Removes a favorite. */
export async function removeFavorite(
  { terminal }: CommandContext,
  { id, url, json }: OneOptions,
): Promise<void> {
  const { paddock } = await connect({ writes: true, ...(url !== undefined && { url }) });
  await paddock.favorites.remove(id);
  terminal.print(json ? JSON.stringify({ removed: id }) : `${toPlain(id)} is no favorite.`);
}
