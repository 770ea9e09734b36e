import { Command, Option } from 'commander';
import { ROLES } from '../resolve/roles.ts';
import { VERSION } from '../version.ts';
import { addFavorites } from './add-favorites.ts';
import type { CommandContext } from './command-context.ts';
import { EPILOGUE, EXAMPLES, INTRODUCTION } from './help-texts.ts';
import { addQueryOptions, addUrlOption, ID } from './shared-options.ts';

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
  addFavorites(program, context);
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

function addOtherCommands(program: Command, context: CommandContext): void {
  addQueryOptions(program.command('opencode'))
    .description('print an opencode.json with all models that chat, or merge it into a file')
    .option('--into <file>', 'merge into this file; nothing in it is lost')
    .addHelpText('after', EXAMPLES.opencode)
    .action(async (options) => (await import('./commands/opencode.ts')).opencode(context, options));
  addQueryOptions(program.command('connect'))
    .description('print the settings of a client program, or merge them into its files')
    .argument('[client]', 'the name of a client')
    .option('--model <id>', 'a model instead of the default one')
    .option('--write', 'merge into the client’s own files; nothing else in them is lost')
    .addHelpText('after', EXAMPLES.connect)
    .action(async (client, options) => {
      await (await import('./commands/connect.ts')).connect(context, { client, ...options });
    });
  program
    .command('migrate')
    .description('prepare the database of LIBSQL_URL, before a deploy to Workers')
    .addHelpText('after', EXAMPLES.migrate)
    .action(async () => (await import('./commands/migrate.ts')).migrate(context));
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
