import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { KEEP_ALIVE_MS, type WatchSocket } from '../watch-sockets.ts';

/** How long an upstream may take to accept a connection, in milliseconds: a machine that is asleep never does. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Opens connections to one upstream. */
export type OpenSocket = () => Socket;

/** What a socket emits when it can be written to: with TLS, once the upstream has proved who it is. */
export type ReadyEvent = 'connect' | 'secureConnect';

/** What connections are opened with. */
export interface SocketOptions {
  /** Looks up the names of upstreams; the runtime's own by default. */
  readonly lookup?: LookupFunction | undefined;
  /** Has a connection closed when the upstream has vanished. */
  readonly watch?: WatchSocket | undefined;
}

/** Makes what opens connections to an origin. */
export function createOpenSocket(
  { protocol, hostname, port }: URL,
  { lookup, watch }: SocketOptions,
): { open: OpenSocket; readyEvent: ReadyEvent } {
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
  return {
    readyEvent,
    open: () => {
      const socket = open();
      limitConnecting(socket, readyEvent);
      watch?.(socket);
      return socket;
    },
  };
}

/** Later connections resume the session of an earlier one, which saves a round trip and most of the arithmetic. */
function createOpenTls(options: { host: string; port: number }): OpenSocket {
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

function limitConnecting(socket: Socket, readyEvent: ReadyEvent): void {
  const giveUp = () => {
    socket.destroy(Object.assign(new Error('No connection in time'), { code: 'ETIMEDOUT' }));
  };
  const timer = setTimeout(giveUp, CONNECT_TIMEOUT_MS);
  const stop = () => clearTimeout(timer);
  socket.once(readyEvent, stop).once('close', stop);
}
