#!/usr/bin/env node
// cli/ is the command `paddock`. It asks a Paddock through its own client, be it one that runs elsewhere or one made of
// the settings for the moment, and decides nothing about models itself.

import { CommanderError } from 'commander';
import { EXIT, toExitCode, type ExitCode } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { createTerminal } from './terminal.ts';
import { toFailureMessage } from './to-failure-message.ts';

const terminal = createTerminal(process);
let code: ExitCode = EXIT.done;
let goesOn = false;
try {
  const program = createProgram({
    terminal,
    endWith: (other) => (code = other),
    goOn: () => (goesOn = true),
  });
  await program.parseAsync();
} catch (error) {
  code = toExitCode(error);
  // The parser has said its own.
  if (!(error instanceof CommanderError)) terminal.say(toFailureMessage(error));
}
// Not before all is written, and what could not be is told; and then at once, whatever a connection still waits for.
if (!goesOn) {
  await terminal.flush();
  setImmediate(() => process.exit(code));
}
