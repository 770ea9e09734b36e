import { PaddockError } from '../errors.ts';
import type { HeaderRecord } from './headers.ts';

const WEB_SOCKET = /(?:^|,)\s*websocket\s*(?:,|$)/iu;
const UPGRADE = /(?:^|,)\s*upgrade\s*(?:,|$)/iu;
const KEY = /^[a-z\d+/]{22}==$/iu;

/** In a browser, clients of OpenAI's realtime API send their key as a subprotocol with this prefix. */
const KEY_PROTOCOL = 'openai-insecure-api-key.';

const NO_HANDSHAKE_MESSAGE =
  'The WebSocket handshake is not complete: send Connection: Upgrade, Sec-WebSocket-Version: 13 and a Sec-WebSocket-Key of 16 bytes in Base64.';

/** The message for a WebSocket request to a route without WebSockets. */
export const NO_WEB_SOCKET_HERE_MESSAGE =
  'This route does not support WebSockets: only /upstream/{provider}/ does.';

/** Whether a request asks for a WebSocket. Any other `Upgrade`, such as `h2c`, may be ignored (RFC 9110, section 7.8). */
export function isWebSocketUpgrade(method: string, upgrade: string | undefined): boolean {
  return method === 'GET' && upgrade !== undefined && WEB_SOCKET.test(upgrade);
}

/** Returns the handshake without the client's key, or throws `invalid_request` (RFC 6455, section 4.2.1). */
export function readHandshake(headers: HeaderRecord): HeaderRecord {
  const isUpgrade = UPGRADE.test(headers['connection'] ?? '');
  const isVersion13 = headers['sec-websocket-version'] === '13';
  if (!isUpgrade || !isVersion13 || !KEY.test(headers['sec-websocket-key'] ?? '')) {
    const ours = { 'sec-websocket-version': '13' };
    throw new PaddockError('invalid_request', NO_HANDSHAKE_MESSAGE, { headers: ours });
  }
  const { 'sec-websocket-protocol': offered, ...others } = pickHandshake(headers);
  const protocol = offered === undefined ? '' : withoutKey(offered);
  return protocol === '' ? others : { ...others, 'sec-websocket-protocol': protocol };
}

/** Returns only the headers of a WebSocket handshake. */
export function pickHandshake(headers: HeaderRecord): HeaderRecord {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith('sec-websocket-')),
  );
}

function withoutKey(offered: string): string {
  const names = offered.split(',').map((name) => name.trim());
  return names.filter((name) => !name.startsWith(KEY_PROTOCOL)).join(', ');
}
