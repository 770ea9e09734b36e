import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { isWebSocketUpgrade } from '../../gateway/web-socket.ts';

/** The property of a WebSocket request's response that holds the function to take over its connection. */
const TAKE_OVER = Symbol('take over');
type UpgradeAnswer = ServerResponse & { [TAKE_OVER]?: () => Socket };

/** A request to change the protocol, as Node's server reports it. */
export interface AskedUpgrade {
  readonly incoming: IncomingMessage;
  readonly socket: Socket;
  /** The bytes that arrived after the request head. */
  readonly head: Buffer;
  readonly server: Server;
}

/** Handles a WebSocket request like any other. Other upgrades are ignored: the request is served without. */
export function acceptUpgrade(
  asked: AskedUpgrade,
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): void {
  const { incoming, socket, head } = asked;
  if (!isWebSocketUpgrade(incoming.method ?? '', incoming.headers.upgrade)) {
    return ignoreUpgrade(asked);
  }
  if (head.length > 0) socket.unshift(head);
  answer(incoming, createAnswer(incoming, socket));
}

/** Takes over the connection of a WebSocket request; null if its response has begun, or it is none. */
export function takeOver(outgoing: ServerResponse): Socket | null {
  return (outgoing as UpgradeAnswer)[TAKE_OVER]?.() ?? null;
}

/** Creates a response on a connection that Node's server has released. */
function createAnswer(incoming: IncomingMessage, socket: Socket): ServerResponse {
  const outgoing: UpgradeAnswer = new ServerResponse(incoming);
  outgoing.shouldKeepAlive = false;
  outgoing.assignSocket(socket);
  // Without reading, a client that disconnects would go unnoticed.
  const readAhead = () => void (socket.readableLength === 0 && socket.read());
  const leave = () => socket.destroy();
  const emitDrain = () => outgoing.emit('drain');
  const close = () => {
    if (outgoing.destroyed) return;
    // Do as Node does: calling `destroy` would report a failure.
    outgoing.destroyed = true;
    outgoing.emit('close');
  };
  const finish = () => {
    release();
    close();
    socket.destroySoon();
  };
  const release = () => {
    socket.off('readable', readAhead).off('end', leave).off('drain', emitDrain);
    outgoing.off('finish', finish).detachSocket(socket);
  };
  socket.on('readable', readAhead).once('end', leave).on('drain', emitDrain);
  socket.on('error', leave).once('close', close);
  outgoing.once('finish', finish);
  outgoing[TAKE_OVER] = () => {
    delete outgoing[TAKE_OVER];
    release();
    return socket;
  };
  return outgoing;
}

/** Returns a connection to Node's server, with the request head as it would be without the upgrade. */
function ignoreUpgrade({ incoming, socket, head, server }: AskedUpgrade): void {
  const { method, url, httpVersion, rawHeaders } = incoming;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    const kept = /^connection$/iu.test(name) ? withoutUpgrade(value) : value;
    if (!/^upgrade$/iu.test(name)) lines.push(`${name}: ${kept}`);
  }
  const bytes = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  socket.unshift(Buffer.concat([bytes, head]));
  server.emit('connection', socket);
}

function withoutUpgrade(connection: string): string {
  const names = connection.split(',').filter((name) => !/^\s*upgrade\s*$/iu.test(name));
  return names.join(',').trim();
}
