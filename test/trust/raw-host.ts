// Upstreams and clients on raw sockets: they send bytes that no HTTP library would, and see every byte.

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** An upstream on a raw socket. */
export interface RawHost {
  readonly port: number;
  /** Every request that has arrived completely, unchanged. */
  readonly received: string[];
  /** The number of connections to it. */
  connections(): number;
  /** Sets the answer for later requests. */
  reply(reply: RawReply): void;
  close(): Promise<void>;
}

/** Answers one request, whose text has one character per byte. */
export type RawReply = (socket: Socket, request: string) => void;

/** An answer with JSON. */
export function jsonAnswer(value: unknown, head = 'HTTP/1.1 200 OK'): string {
  const body = JSON.stringify(value);
  const length = Buffer.byteLength(body);
  return `${head}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`;
}

/** Starts an upstream on a free port of loopback. By default it closes each connection without an answer. */
export async function startRawHost(
  first: RawReply = (socket) => void socket.destroy(),
): Promise<RawHost> {
  let reply = first;
  let connections = 0;
  const received: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => {});
    let waiting = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      waiting += text;
      for (let end = findEnd(waiting); end !== -1; end = findEnd(waiting)) {
        const request = waiting.slice(0, end);
        waiting = waiting.slice(end);
        received.push(request);
        reply(socket, request);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    connections: () => connections,
    reply: (next) => (reply = next),
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The end of the first request in a text, or -1 when it is incomplete. */
function findEnd(text: string): number {
  const head = text.indexOf('\r\n\r\n') + 4;
  if (head === 3) return -1;
  if (/\r\ntransfer-encoding: chunked\r\n/iu.test(text.slice(0, head))) {
    const last = text.indexOf('0\r\n\r\n', head);
    return last === -1 ? -1 : last + 5;
  }
  const [, length = '0'] = /\r\ncontent-length: (\d+)\r\n/iu.exec(text.slice(0, head)) ?? [];
  return text.length >= head + Number(length) ? head + Number(length) : -1;
}

/**
 * Sends bytes to a server, from an address of loopback. Returns everything received until it closes the connection or is
 * silent for a while.
 */
export function sendRaw(
  url: string,
  request: string,
  { silenceMs = 1500, from = '127.0.0.1' }: { silenceMs?: number; from?: string } = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port: Number(port), host: hostname, localAddress: from }, () =>
      socket.write(request, 'latin1'),
    );
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(silenceMs, end);
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    socket.once('close', end).once('error', end);
  });
}

/** A request with Connection: close. Headers and body are unchanged. */
export function writeRequest(
  line: string,
  { headers = [], body = '' }: { headers?: readonly string[]; body?: string } = {},
): string {
  const bytes = Buffer.from(body).toString('latin1');
  const all = [
    ...(headers.some((header) => /^host:/iu.test(header)) ? [] : ['host: paddock']),
    ...headers,
    'connection: close',
    ...(body === '' ? [] : ['content-type: application/json', `content-length: ${bytes.length}`]),
  ];
  return `${line} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${bytes}`;
}
