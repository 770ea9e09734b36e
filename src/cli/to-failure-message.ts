import { PaddockApiError } from '../client/paddock-api-error.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { VERSION } from '../version.ts';
import { CommandError } from './exit-codes.ts';
import { toCommands } from './to-commands.ts';
import { toPlainLines } from '../to-plain.ts';

/** Returns the message for a failure: what is wrong, and what to do. */
export function toFailureMessage(error: unknown): string {
  if (isMissingRoute(error)) return TOO_OLD;
  const message = toCommands(error instanceof Error ? error.message : String(error));
  return toPlainLines(
    isExpected(error) ? `${message}${toAdvice(error)}` : toUnexpectedMessage(message),
  );
}

/** A new user may have no providers yet, or those of the demo. */
const NO_PROVIDERS = `
To try Paddock without providers: paddock demo
To ask a running Paddock, such as the demo: --url http://127.0.0.1:8400`;

const TOO_OLD = 'This Paddock is too old for the command: update the one at --url or PADDOCK_URL.';

/** Whether a running Paddock has no such route. All other errors of a missing thing name a parameter. */
function isMissingRoute(error: unknown): boolean {
  if (!(error instanceof PaddockApiError)) return false;
  return error.code === 'not_found' && error.param === null && error.message.startsWith('No route');
}

function isExpected(error: unknown): boolean {
  return [CommandError, SettingsError, PaddockApiError].some((kind) => error instanceof kind);
}

/** Returns advice for terminal users, in addition to the advice for all clients. */
function toAdvice(error: unknown): string {
  const code = error instanceof PaddockApiError ? error.code : null;
  if (code === 'no_providers') return NO_PROVIDERS;
  const isKeys = code === 'unauthorized' || code === 'forbidden_key';
  return isKeys ? '\nThese commands send the key in PADDOCK_API_KEY.' : '';
}

/** Returns the message for an unexpected failure, such as an answer of another release in another shape. */
function toUnexpectedMessage(message: string): string {
  return `Unexpected error in paddock ${VERSION} (${message}). With --url or PADDOCK_URL, check that a Paddock of this release runs there.`;
}
