import type { GatewayError } from '../fleet/gateway.ts';

/** The message above every view while the gateway has a problem. */
export interface Notice {
  readonly kind: 'away' | 'locked' | 'empty' | 'fault';
  readonly text: string;
}

/** Converts an error of the feed to a notice, or null if there is none. */
export function toNotice(trouble: GatewayError | null): Notice | null {
  if (trouble === null) return null;
  if (trouble.status === null && trouble.code === null) {
    return { kind: 'away', text: 'Paddock does not respond. Retrying…' };
  }
  if (trouble.status === 401) {
    return { kind: 'locked', text: 'Paddock requires a key.' };
  }
  if (trouble.code === 'no_providers') {
    return { kind: 'empty', text: 'No hosts are configured.' };
  }
  return { kind: 'fault', text: trouble.message };
}
