import type { HeaderRecord } from './headers.ts';

/** For a provider's answers on Paddock's own origin: no scripts, forms or guesses, and an opaque origin. */
export const SANDBOXED: HeaderRecord = {
  'content-security-policy': 'sandbox',
  'x-content-type-options': 'nosniff',
};

/** For the origin of the providers' own pages: scripts run, but only its own pages may frame them. */
export const UNFRAMED: HeaderRecord = { 'x-frame-options': 'SAMEORIGIN' };
