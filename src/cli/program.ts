import { Command, Option } from 'commander';
import { ROLES } from '../resolve/roles.ts';
import { VERSION } from '../version.ts';
import { addConnect } from './add-connect.ts';
import type { CommandContext } from './command-context.ts';
import { EPILOGUE, EXAMPLES, INTRODUCTION } from './help-texts.ts';

const ID = 'provider/model, a bare name or an alias';

/** Creates the command line. Each command's code is loaded only when it runs, so that help appears quickly. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('paddock')
    .description(INTRODUCTION)
    .version(VERSION)
    .addHelpText('after', EPILOGUE)
    .showSuggestionAfterError()
    .exitOverride()
    .hook('preAction', async () => {
      (await import('../runtime/environment.ts')).readEnvironment();
    });
  addServerCommands(program, context);
  addQueryCommands(program, context);
  addModelCommands(program, context);
  addLogsCommand(program, context);
  addFavoritesCommands(program, context);
  addOtherCommands(program, context);
  referToHelp(program, 'paddock');
  return program;
}

function addServerCommands(program: Command, context: CommandContext): void {
  const add = (name: 'serve' | 'demo') =>
    program
      .command(name)
      .option('--host <host>', 'address to listen on; overrides HOST (127.0.0.1)')
      .option('--port <port>', 'port to listen on; overrides PORT (8400); 0 means any free port')
      .addHelpText('after', EXAMPLES[name])
      .action(async (options) => {
        const { serve } = await import('./commands/serve.ts');
        await serve(name === 'demo' ? 'always' : 'never', options);
        context.keepRunning();
      });
  add('serve').description('serve the providers of PROVIDERS until Ctrl-C');
  add('demo').description('serve simulated hosts instead of your own');
}

function addQueryCommands(program: Command, context: CommandContext): void {
  addQueryOptions(program.command('doctor'))
    .description(
      'check every host, sidecar and the database; print each fault and how to correct it',
    )
    .addHelpText('after', EXAMPLES.doctor)
    .action(async (options) => (await import('./commands/doctor.ts')).doctor(context, options));
  addQueryOptions(program.command('models'))
    .description('list models, favorites first')
    .argument('[pattern]', 'part of an ID, a name or an alias; * stands for any text')
    .option('--ready', 'only models that are loaded and ready')
    .option('--provider <name>', 'only the models of this provider')
    .option('--refresh', 'ask every host now, and wait for the slowest')
    .addHelpText('after', EXAMPLES.models)
    .action(async (pattern, options) => {
      await (await import('./commands/models.ts')).models(context, { pattern, ...options });
    });
  addQueryOptions(program.command('ps'))
    .description('list the models that are loaded now, and where')
    .addHelpText('after', EXAMPLES.ps)
    .action(async (options) => (await import('./commands/ps.ts')).ps(context, options));
  const resolve = addQueryOptions(program.command('resolve'))
    .description('print which host and model an ID or a role means')
    .argument('[id]', ID)
    .addOption(new Option('--role <role>', 'a role instead of an ID').choices(ROLES))
    .addHelpText('after', EXAMPLES.resolve);
  resolve.action(async (id, options) => {
    requireEither(resolve, [id, options.role]);
    await (await import('./commands/resolve.ts')).resolve(context, { id, ...options });
  });
}

function addModelCommands(program: Command, context: CommandContext): void {
  addQueryOptions(program.command('chat'))
    .description('send a prompt to a model and print its answer as it arrives')
    .argument('<id>', ID)
    .argument('[prompt...]', 'the prompt; a pipe or a file on standard input is added to it')
    .addHelpText('after', EXAMPLES.chat)
    .action(async (...[id, words, options]) => {
      await (await import('./commands/chat.ts')).chat(context, { id, words, ...options });
    });
  addQueryOptions(program.command('load'))
    .description('load a model and wait until it is ready')
    .argument('<id>', ID)
    .addHelpText('after', EXAMPLES.load)
    .action(async (id, options) => {
      await (await import('./commands/load.ts')).load(context, { id, ...options });
    });
  const unload = addQueryOptions(program.command('unload'))
    .description('stop a model and the requests it is answering')
    .argument('[id]', ID)
    .option('--all <provider>', 'stop all models of a provider')
    .addHelpText('after', EXAMPLES.unload);
  unload.action(async (id, options) => {
    requireEither(unload, [id, options.all]);
    await (await import('./commands/unload.ts')).unload(context, { id, ...options });
  });
}

function addLogsCommand(program: Command, context: CommandContext): void {
  addUrlOption(program.command('logs'))
    .description('print the log of a host, or the part of one model')
    .argument('<provider>', 'a provider, or provider/model')
    .argument('[model]', 'its own name for a model; or proxy, or upstream')
    .option('-f, --follow', 'print new lines too, until Ctrl-C')
    .addHelpText('after', EXAMPLES.logs)
    .action(async (...[provider, model, options]) => {
      await (await import('./commands/logs.ts')).logs(context, { provider, model, ...options });
    });
}

function addFavoritesCommands(program: Command, context: CommandContext): void {
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

function addOtherCommands(program: Command, context: CommandContext): void {
  addQueryOptions(program.command('opencode'))
    .description('print an opencode.json for every model, or merge it into a file')
    .option('--into <file>', 'merge into this file; nothing in it is lost')
    .addHelpText('after', EXAMPLES.opencode)
    .action(async (options) => (await import('./commands/opencode.ts')).opencode(context, options));
  addConnect(addQueryOptions(program.command('connect')), context);
  program
    .command('migrate')
    .description('prepare the database of LIBSQL_URL, before a deploy to Workers')
    .addHelpText('after', EXAMPLES.migrate)
    .action(async () => (await import('./commands/migrate.ts')).migrate(context));
}

function addQueryOptions(command: Command): Command {
  return addUrlOption(command).option('--json', 'print JSON');
}

function addUrlOption(command: Command): Command {
  return command.option('--url <address>', 'address of a running Paddock (default: PADDOCK_URL)');
}

/** Rejects a command line that does not give exactly one of two alternatives. */
function requireEither(command: Command, [id, other]: [id: unknown, other: unknown]): void {
  if ((id === undefined) !== (other === undefined)) return;
  const flag = command.options.find(({ long }) => long === '--role' || long === '--all')?.flags;
  const received = id === undefined ? 'neither' : 'both';
  command.error(`error: expected an ID or ${flag}, but received ${received}`);
}

/** Makes each error refer to the help of its command. */
function referToHelp(command: Command, words: string): void {
  command.showHelpAfterError(`See: ${words} --help`);
  for (const inner of command.commands) referToHelp(inner, `${words} ${inner.name()}`);
}
