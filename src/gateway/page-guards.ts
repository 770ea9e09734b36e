import type { HeaderRecord } from './headers.ts';

/** Headers for a provider's answers on Paddock's own origin: no scripts, no forms, no guessed content type. */
export const SANDBOXED: HeaderRecord = {
  'content-security-policy': 'sandbox',
  'x-content-type-options': 'nosniff',
};

/** Headers for the origin of the providers' own pages: scripts run, but only its own pages may frame them. */
export const UNFRAMED: HeaderRecord = { 'x-frame-options': 'SAMEORIGIN' };
