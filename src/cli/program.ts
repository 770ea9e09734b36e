import { Command, Option } from 'commander';
import { ROLES } from '../resolve/roles.ts';
import { VERSION } from '../version.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Says how the process is to end, where nothing failed and yet not all is well. */
  endWith(code: ExitCode): void;
}

/** The options of the commands that ask a Paddock. */
export interface AskOptions {
  readonly url?: string;
  readonly json?: true;
}

const INTRODUCTION = `One gate to a herd of llama-swap hosts: every model in one list, whichever host is asleep.

Commands that ask use the settings of the environment and of a .env file, and then need no running Paddock; with --url, or
PADDOCK_URL, they ask the one that runs there. PROVIDERS names your hosts:

  PROVIDERS="desktop=llama-swap://desktop lab=llama-swaps://key@lab.ts.net"`;

const EPILOGUE = `
Examples:
  paddock demo                      see it with simulated hosts, at http://127.0.0.1:8400
  paddock doctor                    what is wrong with your hosts and settings, and what mends it
  paddock models --json             the catalog, for programs
  paddock resolve qwen3.6-27b       which host a name means
  paddock opencode --into ~/.config/opencode/opencode.json

Exit codes: 0 done, 1 refused or faults found, 2 wrong command line or settings, 3 somebody does not answer.`;

/** The command line. Each command's own code is loaded when it is called, so that help is there at once. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('paddock')
    .description(INTRODUCTION)
    .version(VERSION)
    .addHelpText('after', EPILOGUE)
    .showSuggestionAfterError()
    .showHelpAfterError('See: paddock --help')
    .exitOverride();

  program
    .command('serve')
    .description('serve on HOST and PORT')
    .option('--host <host>', 'in place of HOST')
    .option('--port <port>', 'in place of PORT; 0 is any free one')
    .action(async (options) => (await import('./commands/serve.ts')).serve('never', options));
  program
    .command('demo')
    .description('serve two simulated hosts in place of your own, to look around')
    .option('--host <host>', 'in place of HOST')
    .option('--port <port>', 'in place of PORT; 0 is any free one')
    .action(async (options) => (await import('./commands/serve.ts')).serve('always', options));

  ask(program.command('doctor'))
    .description('ask every host, sidecar and the database; print each fault with what mends it')
    .addHelpText('after', '\nExit code 1 where there is a fault; warnings and notes are none.')
    .action(async (options) => (await import('./commands/doctor.ts')).doctor(context, options));
  ask(program.command('models'))
    .description('list every model, favorites first')
    .action(async (options) => (await import('./commands/models.ts')).models(context, options));
  ask(program.command('resolve'))
    .description('say which host and model an ID or a role means')
    .argument('[id]', 'provider/model, a bare name or an alias')
    .addOption(new Option('--role <role>', 'a role in place of an ID').choices(ROLES))
    .action(async (id, options) =>
      (await import('./commands/resolve.ts')).resolve(context, { id, ...options }),
    );
  addFavorites(program, context);
  ask(program.command('unload'))
    .description('stop a model, with whatever it is working on')
    .argument('[id]', 'provider/model, a bare name or an alias')
    .option('--all <provider>', 'stop all models of a provider')
    .action(async (id, options) =>
      (await import('./commands/unload.ts')).unload(context, { id, ...options }),
    );
  ask(program.command('opencode'))
    .description('print an opencode.json that reaches every model, or merge it into one')
    .option('--into <file>', 'merge into this file: nothing in it is lost')
    .addHelpText(
      'after',
      '\nA file with comments is left as it is: print the configuration, and add it by hand.',
    )
    .action(async (options) => (await import('./commands/opencode.ts')).opencode(context, options));
  program
    .command('migrate')
    .description('prepare the database of LIBSQL_URL, before a deploy to Workers')
    .action(async () => (await import('./commands/migrate.ts')).migrate(context));
  return program;
}

function addFavorites(program: Command, context: CommandContext): void {
  const load = () => import('./commands/favorites.ts');
  const favorites = program
    .command('favorites')
    .description('list, add or remove what every program shows first');
  ask(favorites.command('list', { isDefault: true }))
    .description('list them in their order, hidden ones too')
    .action(async (options) => (await load()).listFavorites(context, options));
  ask(favorites.command('add'))
    .description('add one at the end')
    .argument('<id>', 'provider/model, a bare name or an alias')
    .action(async (id, options) => (await load()).addFavorite(context, { id, ...options }));
  ask(favorites.command('remove'))
    .description('remove one')
    .argument('<id>', 'provider/model, a bare name or an alias')
    .action(async (id, options) => (await load()).removeFavorite(context, { id, ...options }));
}

function ask(command: Command): Command {
  return command
    .addOption(new Option('--url <address>', 'ask the Paddock that runs there').env('PADDOCK_URL'))
    .option('--json', 'print JSON, for programs');
}
