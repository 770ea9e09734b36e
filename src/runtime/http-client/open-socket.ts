import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { KEEP_ALIVE_MS, type WatchSocket } from '../watch-sockets.ts';

/** The connect timeout, in milliseconds. A machine that is asleep never accepts a connection. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Opens a connection to one upstream. Calls back when it is writable; with TLS, after the handshake. */
export type OpenSocket = (ready: () => void) => Socket;

/** Options for opening connections. */
export interface SocketOptions {
  /** Resolves the names of upstreams; the runtime's own lookup by default. */
  readonly lookup?: LookupFunction | undefined;
  /** Closes a connection when its upstream has vanished. */
  readonly watch?: WatchSocket | undefined;
}

/** Creates the function that opens connections to an origin. */
export function createOpenSocket(
  { protocol, hostname, port }: URL,
  { lookup, watch }: SocketOptions,
): OpenSocket {
  const host = hostname.replaceAll(/^\[|\]$/gu, '');
  const isSecure = protocol === 'https:';
  const options = {
    host,
    port: Number(port) || (isSecure ? 443 : 80),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
    autoSelectFamily: true,
    ...(lookup !== undefined && { lookup }),
  };
  const readyEvent = isSecure ? 'secureConnect' : 'connect';
  const open = isSecure ? createOpenTls(options) : () => connect(options);
  return (ready) => {
    const socket = open();
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('No connection in time'), { code: 'ETIMEDOUT' }));
    }, CONNECT_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(timer));
    socket.once(readyEvent, () => {
      clearTimeout(timer);
      ready();
    });
    watch?.(socket);
    return socket;
  };
}

/** Creates a function that opens TLS connections. Later ones resume a session, which saves a round trip. */
function createOpenTls(options: { host: string; port: number }): () => Socket {
  let session: Buffer | undefined;
  const { host } = options;
  return () => {
    const socket = connectTls({
      ...options,
      ALPNProtocols: ['http/1.1'],
      ...(isIP(host) === 0 && { servername: host }),
      ...(session !== undefined && { session }),
    });
    socket.on('session', (made: Buffer) => (session = made));
    return socket;
  };
}
