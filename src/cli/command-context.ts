import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Says how the process is to end, where nothing failed and yet not all is well. */
  endWith(code: ExitCode): void;
  /** Says that the process goes on until a signal ends it. */
  goOn(): void;
}

/** The options of the commands that ask a Paddock. */
export interface AskOptions {
  readonly url?: string;
  readonly json?: true;
}
