import { PaddockApiError } from '../client/paddock-api-error.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { VERSION } from '../version.ts';
import { CommandError } from './exit-codes.ts';
import { toPlainLines } from '../to-plain.ts';

/** Returns the message for a failure: what is wrong, and what to do. */
export function toFailureMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return toPlainLines(isForeseen(error) ? `${message}${toAdvice(error)}` : toUnforeseen(message));
}

function isForeseen(error: unknown): boolean {
  return [CommandError, SettingsError, PaddockApiError].some((kind) => error instanceof kind);
}

/** Returns advice for terminal users, in addition to the advice for all clients. */
function toAdvice(error: unknown): string {
  const code = error instanceof PaddockApiError ? error.code : null;
  // A new user may have no providers yet.
  if (code === 'no_providers') return '\nTo look around without any: paddock demo';
  const isKeys = code === 'unauthorized' || code === 'forbidden_key';
  return isKeys ? '\nThese commands send the key in PADDOCK_API_KEY.' : '';
}

/**
 * Returns the message for an unexpected failure. A Paddock of another release can cause one by an answer of another
 * shape.
 */
function toUnforeseen(message: string): string {
  return `Something went wrong inside paddock ${VERSION} (${message}). With --url or PADDOCK_URL, check that a Paddock of this release runs there.`;
}
