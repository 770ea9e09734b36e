#!/usr/bin/env node
// cli/ is the command `paddock`. It asks a Paddock through its own client, be it one that runs elsewhere or one made of
// the settings for the moment, and decides nothing about models itself.

import { CommanderError } from 'commander';
import { EXIT, toExitCode, type ExitCode } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { createTerminal } from './terminal.ts';

const terminal = createTerminal(process);
let code: ExitCode = EXIT.done;
try {
  await createProgram({ terminal, endWith: (other) => (code = other) }).parseAsync();
} catch (error) {
  code = toExitCode(error);
  // The parser has said its own.
  if (!(error instanceof CommanderError)) {
    terminal.say(error instanceof Error ? error.message : String(error));
  }
}
// Not before all is written; and then at once, whatever a connection still waits for.
if (
  !process.argv.slice(2).some((word) => word === 'serve' || word === 'demo') ||
  code !== EXIT.done
) {
  process.stdout.write('', () => process.exit(code));
}
