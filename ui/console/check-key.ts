import { GatewayError, send, type Gateway } from '../herd/gateway.ts';

/** Whether a gateway takes a key: `wrong` where it refuses it, `away` where nobody can say. */
export type KeyVerdict = 'right' | 'wrong' | 'away';

/** Asks the gateway something that it tells those alone whom it lets in. */
export async function checkKey(gateway: Gateway): Promise<KeyVerdict> {
  // What no header can carry is nobody's key.
  if (!/^[\x21-\x7e]+$/u.test(gateway.key ?? '')) return 'wrong';
  try {
    await send(gateway, { path: '/api/roles' });
    return 'right';
  } catch (error) {
    if (!(error instanceof GatewayError) || error.status === null) return 'away';
    return error.status === 401 || error.code === 'forbidden_key' ? 'wrong' : 'right';
  }
}
