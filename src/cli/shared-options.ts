import type { Command } from 'commander';

/** The help of an argument that is a model's ID. */
export const ID = 'provider/model, a bare name or an alias';

/** Adds the options of commands that query a Paddock. */
export function addQueryOptions(command: Command): Command {
  return addUrlOption(command).option('--json', 'print JSON');
}

/** Adds the option that selects a running Paddock. */
export function addUrlOption(command: Command): Command {
  return command.option('--url <address>', 'address of a running Paddock (default: PADDOCK_URL)');
}
