#!/usr/bin/env node
// cli/ is the command `paddock`. It queries a Paddock through the project's own client: a running one, or a temporary one
// created from the settings. It makes no decisions about models itself.

import { CommanderError } from 'commander';
import { EXIT, toExitCode, type ExitCode } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { createStandardInput } from './standard-input.ts';
import { createTerminal } from './terminal.ts';
import { toFailureMessage } from './to-failure-message.ts';

const terminal = createTerminal(process);
let code: ExitCode = EXIT.done;
let keepsRunning = false;
try {
  const program = createProgram({
    terminal,
    input: createStandardInput(process),
    setExitCode: (other) => (code = other),
    keepRunning: () => (keepsRunning = true),
  });
  await program.parseAsync();
} catch (error) {
  code = toExitCode(error);
  // The parser has already printed its own message.
  if (!(error instanceof CommanderError)) terminal.printError(toFailureMessage(error));
}
// Exit only after all output is written or its failure is reported, but do not wait for open connections.
if (!keepsRunning) {
  await terminal.flush();
  setImmediate(() => process.exit(code));
}
