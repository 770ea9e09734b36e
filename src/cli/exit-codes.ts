import { CommanderError } from 'commander';
import { PaddockApiError } from '../client/paddock-api-error.ts';
import type { ErrorCode } from '../errors.ts';
import { SettingsError } from '../settings/settings-error.ts';

/** The exit codes of commands, for scripts. */
export const EXIT = {
  done: 0,
  /** Paddock refused the command, or the doctor found faults. */
  failed: 1,
  /** The command line or the settings are wrong. */
  usage: 2,
  /** Paddock, a provider or the database does not answer. */
  unreachable: 3,
} as const;

/** One of the exit codes. */
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
  // The address comes from there too, and contains the host name of the request.
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

/** An expected failure, with its complete message. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Returns the exit code for a failure. */
export function toExitCode(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  // The parser uses 0 for requested help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof SettingsError) return EXIT.usage;
  if (!(error instanceof PaddockApiError)) return EXIT.failed;
  // The answer did not come from Paddock.
  if (error.code === null) return EXIT.unreachable;
  if (USAGE.has(error.code)) return EXIT.usage;
  return UNREACHABLE.has(error.code) ? EXIT.unreachable : EXIT.failed;
}
