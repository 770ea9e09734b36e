import { PaddockApiError } from '../client/paddock-api-error.ts';
import { SettingsError } from '../registry/fault.ts';
import { VERSION } from '../version.ts';
import { CommandError } from './exit-codes.ts';
import { toPlainLines } from './to-plain.ts';

/** What is said of a failure: what is wrong, and what mends it. */
export function toFailureMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return toPlainLines(isForeseen(error) ? `${message}${toAdvice(error)}` : toUnforeseen(message));
}

function isForeseen(error: unknown): boolean {
  return [CommandError, SettingsError, PaddockApiError].some((kind) => error instanceof kind);
}

/** Whoever sees this first may have no hosts yet. */
function toAdvice(error: unknown): string {
  const isEmpty = error instanceof PaddockApiError && error.code === 'no_providers';
  return isEmpty ? '\nTo look around without any: paddock demo' : '';
}

/** An answer of another shape than this release knows fails wherever it is used. */
function toUnforeseen(message: string): string {
  return `Something went wrong inside paddock ${VERSION} (${message}). With --url or PADDOCK_URL, check that a Paddock of this release runs there.`;
}
