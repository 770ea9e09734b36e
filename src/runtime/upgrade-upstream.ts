import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { ClientGone } from '../gateway/client-gone.ts';
import type { HeaderRecord } from '../gateway/headers.ts';
import { limitIdle } from '../gateway/limit-idle.ts';
import { systemClock } from './system-clock.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../gateway/transport.ts';
import { pickHandshake } from '../gateway/web-socket.ts';
import { NO_TIMEOUTS, UpstreamTimeout } from '../gateway/upstream-timeout.ts';
import { UpgradedResponse } from './upgraded-response.ts';
import { KEEP_ALIVE_MS, type WatchSocket } from './watch-sockets.ts';

/** The connect timeout, in milliseconds. */
const CONNECT_MS = 10_000;

const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Requests a WebSocket from an upstream, over a dedicated connection. The response is an `UpgradedResponse`, or the
 * upstream's refusal as it arrives.
 * @throws as `Transport.send`
 */
export function upgradeUpstream(
  asked: UpstreamRequest,
  { lookup, watch }: { lookup?: LookupFunction; watch?: WatchSocket } = {},
): Promise<UpstreamAnswer> {
  const { base, client, timeouts = NO_TIMEOUTS } = asked;
  const send = base.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    if (client.signal.aborted) return reject(new ClientGone());
    const request = send({ ...toOptions(asked), ...(lookup !== undefined && { lookup }) });
    const leave = () => request.destroy(new ClientGone());
    const timeOut = () => request.destroy(new UpstreamTimeout());
    const takesNone = () =>
      request.destroy(Object.assign(new Error('No connection in time'), { code: 'ETIMEDOUT' }));
    const connecting = setTimeout(takesNone, CONNECT_MS);
    const { firstByteMs } = timeouts;
    const waiting = firstByteMs === null ? undefined : setTimeout(timeOut, firstByteMs);
    const settle = () => {
      clearTimeout(connecting);
      clearTimeout(waiting);
      client.signal.removeEventListener('abort', leave);
    };
    client.signal.addEventListener('abort', leave);
    request.once('socket', (socket) => {
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      watch?.(socket);
      if (socket.connecting) socket.once('connect', () => clearTimeout(connecting));
      else clearTimeout(connecting);
    });
    request.once('upgrade', (...[incoming, socket, head]) => {
      settle();
      if (head.length > 0) socket.unshift(head);
      resolve(toUpgraded(incoming, socket as Socket));
    });
    request.once('response', (incoming) => {
      settle();
      const { statusCode: status = 0 } = incoming;
      // HTTP has no other final status, and a `Response` accepts none.
      if (status < 200 || status > 599) {
        request.destroy(new RangeError(`The upstream's status is ${status}`));
      } else resolve(toRefusal(incoming, { status, idleMs: timeouts.idleMs }));
    });
    request.on('error', (error) => {
      settle();
      reject(error);
    });
    request.end();
  });
}

function toOptions({ base, path, headers }: UpstreamRequest): RequestOptions {
  const { hostname, port, pathname, protocol } = new URL(base);
  return {
    protocol,
    // Without the brackets of an IPv6 address.
    hostname: hostname.replace(/^\[(.*)\]$/u, '$1'),
    port,
    path: (pathname === '/' ? '' : pathname) + path,
    headers: { ...headers, connection: 'Upgrade', upgrade: 'websocket' },
    agent: false,
  };
}

function toUpgraded(incoming: IncomingMessage, socket: Socket): UpstreamAnswer {
  const headers = toRecord(incoming);
  const own = pickHandshake(headers);
  // The socket may fail before another listener is attached.
  socket.on('error', () => {});
  return {
    status: 101,
    headers,
    toResponse: (others) => new UpgradedResponse(socket, { ...others, ...own }),
  };
}

function toRefusal(
  incoming: IncomingMessage,
  { status, idleMs }: { status: number; idleMs: number | null },
): UpstreamAnswer {
  return {
    status,
    headers: toRecord(incoming),
    toResponse(headers, record) {
      if (BODILESS.has(status)) {
        incoming.resume();
        return new Response(null, { status, headers });
      }
      incoming.once('error', () => {
        if (record !== undefined) record.upstreamFailure ??= 'upstream_gone';
      });
      // `Readable.toWeb` returns Node's own type of stream.
      const stream: NodeReadableStream = Readable.toWeb(incoming);
      const body = stream as ReadableStream<Uint8Array>;
      if (idleMs === null) return new Response(body, { status, headers });
      const timedOut = () => {
        if (record !== undefined) record.upstreamFailure = 'timed_out';
        incoming.destroy();
      };
      return new Response(limitIdle(body, { idleMs, timedOut, clock: systemClock }), {
        status,
        headers,
      });
    },
  };
}

function toRecord({ headers }: IncomingMessage): HeaderRecord {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
