import type { HeaderRecord } from './headers.ts';

/**
 * Headers for a provider's answers on Paddock's own origin. The browser runs no scripts, submits no forms and gives the
 * page an opaque origin. It does not guess another content type.
 */
export const SANDBOXED: HeaderRecord = {
  'content-security-policy': 'sandbox',
  'x-content-type-options': 'nosniff',
};

/** For the origin of the providers' own pages: scripts run, but only its own pages may frame them. */
export const UNFRAMED: HeaderRecord = { 'x-frame-options': 'SAMEORIGIN' };
