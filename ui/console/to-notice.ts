import type { GatewayError } from '../fleet/gateway-error.ts';

/** The message above every view while the gateway has a problem. */
export interface Notice {
  readonly kind: 'offline' | 'locked' | 'empty' | 'fault';
  readonly text: string;
}

/** Converts an error of the feed to a notice, or null if there is none. */
export function toNotice(error: GatewayError | null): Notice | null {
  if (error === null) return null;
  if (error.status === null && error.code === null) {
    return { kind: 'offline', text: 'Paddock does not respond. Retrying…' };
  }
  if (error.status === 401) {
    return { kind: 'locked', text: 'Paddock requires a key.' };
  }
  if (error.code === 'no_providers') {
    return { kind: 'empty', text: 'No hosts are configured.' };
  }
  return { kind: 'fault', text: error.message };
}
