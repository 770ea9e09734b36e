import { PaddockError } from '../errors.ts';
import type { HeaderRecord } from './headers.ts';

const WEB_SOCKET = /(?:^|,)\s*websocket\s*(?:,|$)/iu;
const UPGRADE = /(?:^|,)\s*upgrade\s*(?:,|$)/iu;
const KEY = /^[a-z\d+/]{22}==$/iu;

/** A client of OpenAI's realtime API in a browser sends its key as a subprotocol with this prefix. */
const KEY_PROTOCOL = 'openai-insecure-api-key.';

const NO_HANDSHAKE_MESSAGE =
  'The WebSocket handshake is not complete: send Connection: Upgrade, Sec-WebSocket-Version: 13 and a Sec-WebSocket-Key of 16 bytes in Base64.';

/** The message for a WebSocket on a route that has none. */
export const NO_WEB_SOCKET_HERE_MESSAGE =
  'This route has no WebSocket: WebSockets are passed on below /upstream/{provider}/ only.';

/** Whether a request asks for a WebSocket. Any other `Upgrade`, such as `h2c`, may be ignored (RFC 9110, section 7.8). */
export function isWebSocketUpgrade(method: string, upgrade: string | undefined): boolean {
  return method === 'GET' && upgrade !== undefined && WEB_SOCKET.test(upgrade);
}

/**
 * The headers of a client's handshake that the upstream gets, without a subprotocol that holds the client's key.
 * @throws {PaddockError} `invalid_request` where no server could accept it (RFC 6455, section 4.2.1)
 */
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

/** Those headers that belong to a WebSocket's handshake. */
export function pickHandshake(headers: HeaderRecord): HeaderRecord {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith('sec-websocket-')),
  );
}

function withoutKey(offered: string): string {
  const names = offered.split(',').map((name) => name.trim());
  return names.filter((name) => !name.startsWith(KEY_PROTOCOL)).join(', ');
}
