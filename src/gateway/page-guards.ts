import type { HeaderRecord } from './headers.ts';

/**
 * On Paddock's own origin a provider's answer is no page of Paddock's: a browser runs no script of it, lets it send no
 * form, and takes it for a page without an origin. No browser guesses another type for it.
 */
export const SANDBOXED: HeaderRecord = {
  'content-security-policy': 'sandbox',
  'x-content-type-options': 'nosniff',
};

/** On the origin of the providers' own pages scripts run; only pages of that origin may put one into a frame. */
export const UNFRAMED: HeaderRecord = { 'x-frame-options': 'SAMEORIGIN' };
