import { CommanderError } from 'commander';
import { PaddockApiError } from '../client/paddock-api-error.ts';
import type { ErrorCode } from '../errors.ts';
import { SettingsError } from '../settings/settings-error.ts';

/** How a command ended, for scripts. */
export const EXIT = {
  done: 0,
  /** It was refused, or the doctor found faults. */
  failed: 1,
  /** The command line or the settings are wrong. */
  usage: 2,
  /** Paddock, a host or the database does not answer. */
  unreachable: 3,
} as const;

/** One of them. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const USAGE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid_request',
  'invalid_model_id',
  'model_required',
  'unknown_provider',
  'no_providers',
  // The key comes from the environment.
  'unauthorized',
  'forbidden_key',
  // So does the address, and with it the name that is called.
  'forbidden_host',
]);

const UNREACHABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'provider_unreachable',
  'provider_timeout',
  'database_unavailable',
  'shutting_down',
  'overloaded',
  'upstream_timeout',
]);

/** A failure that was foreseen, with all that is to be said of it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The exit code that a failure means. */
export function toExitCode(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  // The parser's own: 0 for help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof SettingsError) return EXIT.usage;
  if (!(error instanceof PaddockApiError)) return EXIT.failed;
  // What answered was not Paddock.
  if (error.code === null) return EXIT.unreachable;
  if (USAGE.has(error.code)) return EXIT.usage;
  return UNREACHABLE.has(error.code) ? EXIT.unreachable : EXIT.failed;
}
