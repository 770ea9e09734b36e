import type { ExitCode } from './exit-codes.ts';
import type { StandardInput } from './standard-input.ts';
import type { Terminal } from './terminal.ts';

/** The context that every command gets. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly input: StandardInput;
  /** Sets the exit code of a command that did not fail but found a problem. */
  setExitCode(code: ExitCode): void;
  /** Keeps the process running until a signal ends it. */
  keepRunning(): void;
}

/** The options of the commands that query a Paddock. */
export interface QueryOptions {
  readonly url?: string;
  readonly json?: true;
}
