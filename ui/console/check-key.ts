import { GatewayError, send, type Gateway } from '../fleet/gateway.ts';

/** Whether the gateway accepts a key: `wrong` if it refuses the key, `away` if it does not respond. */
export type KeyVerdict = 'right' | 'wrong' | 'away';

/** Checks a key with a request that requires authentication. */
export async function checkKey(gateway: Gateway): Promise<KeyVerdict> {
  // A key with characters that a header cannot carry is always wrong.
  if (!/^[\x21-\x7e]+$/u.test(gateway.key ?? '')) return 'wrong';
  try {
    await send(gateway, { path: '/api/roles' });
    return 'right';
  } catch (error) {
    if (!(error instanceof GatewayError) || error.status === null) return 'away';
    return error.status === 401 || error.code === 'forbidden_key' ? 'wrong' : 'right';
  }
}
