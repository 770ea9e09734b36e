import type { Context } from 'hono';
import { PaddockError } from '../../errors.ts';
import { isWebSocketUpgrade, NO_WEB_SOCKET_HERE_MESSAGE } from '../../gateway/web-socket.ts';

/**
 * Refuses a WebSocket on a path that does not support one. An ordinary answer would not tell the client why it fails.
 * @throws {PaddockError} `invalid_request`
 */
export function refuseWebSockets(c: Context): void {
  const { method, path } = c.req;
  if (method !== 'GET' || path.startsWith('/upstream/')) return;
  if (!isWebSocketUpgrade(method, c.req.header('upgrade'))) return;
  throw new PaddockError('invalid_request', NO_WEB_SOCKET_HERE_MESSAGE);
}
