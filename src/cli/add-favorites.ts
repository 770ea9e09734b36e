import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { EXAMPLES } from './help-texts.ts';
import { addQueryOptions, ID } from './shared-options.ts';

/** Adds the command `favorites` and its own commands. */
export function addFavorites(program: Command, context: CommandContext): void {
  const load = () => import('./commands/favorites.ts');
  const favorites = program
    .command('favorites')
    .description('list, add, move or remove the models that every program shows first')
    .addHelpText('after', EXAMPLES.favorites);
  addQueryOptions(favorites.command('list', { isDefault: true }))
    .description('list favorites in order, hidden ones included')
    .addHelpText('after', EXAMPLES.favoritesList)
    // The parser passes unknown subcommands of `favorites` to this action, as excess arguments.
    .allowExcessArguments()
    .action(async (options, command: Command) => {
      const [unknown] = command.args;
      if (unknown !== undefined) {
        favorites.error(
          `error: unknown command '${unknown}'\n(The commands are list, add, move and remove.)`,
        );
      }
      await (await load()).listFavorites(context, options);
    });
  addQueryOptions(favorites.command('add'))
    .description('add a favorite at the end')
    .argument('<id>', ID)
    .addHelpText('after', EXAMPLES.favoritesAdd)
    .action(async (id, options) => (await load()).addFavorite(context, { id, ...options }));
  addQueryOptions(favorites.command('move'))
    .description('move a favorite to another position')
    .argument('<id>', ID)
    .argument('<position>', 'its new position, counted from 1; or first or last')
    .addHelpText('after', EXAMPLES.favoritesMove)
    .action(async (...[id, position, options]) => {
      await (await load()).moveFavorite(context, { id, position, ...options });
    });
  addQueryOptions(favorites.command('remove'))
    .description('remove a favorite')
    .argument('<id>', ID)
    .addHelpText('after', EXAMPLES.favoritesRemove)
    .action(async (id, options) => (await load()).removeFavorite(context, { id, ...options }));
}
