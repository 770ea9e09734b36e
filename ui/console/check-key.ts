import { GatewayError } from '../fleet/gateway-error.ts';
import { send, type Gateway } from '../fleet/gateway.ts';

/** Whether the gateway accepts a key: `rejected` if it refuses the key, `unreachable` if it does not respond. */
export type KeyVerdict = 'accepted' | 'rejected' | 'unreachable';

/** Checks a key with a request that requires authentication. */
export async function checkKey(gateway: Gateway): Promise<KeyVerdict> {
  // A key with characters that a header cannot carry is always wrong.
  if (!/^[\x21-\x7e]+$/u.test(gateway.key ?? '')) return 'rejected';
  try {
    await send(gateway, { path: '/api/roles' });
    return 'accepted';
  } catch (error) {
    if (!(error instanceof GatewayError) || error.status === null) return 'unreachable';
    return error.status === 401 || error.code === 'forbidden_key' ? 'rejected' : 'accepted';
  }
}
