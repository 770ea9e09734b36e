import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';

const HELP = `
Without a client, this lists them. It asks the Paddock that runs at the address
of the settings; else it uses the settings alone.

Examples:
  paddock connect
  paddock connect claude-code
  paddock connect codex --model lab/gpt-oss-120b --write`;

/** Adds the command `connect` to one that has the options of commands that query a Paddock. */
export function addConnect(command: Command, context: CommandContext): void {
  command
    .description('print the settings of a client program, or merge them into its files')
    .argument('[client]', 'the name of a client')
    .option('--model <id>', 'a model instead of the default one')
    .option('--write', 'merge into the client’s own files; nothing else in them is lost')
    .addHelpText('after', HELP)
    .action(async (client, options) =>
      (await import('./commands/connect.ts')).connect(context, { client, ...options }),
    );
}
