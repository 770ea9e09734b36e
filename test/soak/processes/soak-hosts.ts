// Several simulated hosts in one process. Each argument is `name:port`, 0 for any free port. It prints the ports. An
// answer contains the host's name and what reached the host, so that a client can check where it comes from.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { endWithParent } from '../../../bench/shared/end-with-parent.ts';
import { isStream, toFaultText, toPieces } from '../exchange.ts';
import { MODELS, toKey } from '../hosts.ts';
import { readMessage, type Received } from '../read-message.ts';

endWithParent();

const JSON_TYPE = { 'content-type': 'application/json' };
/** How many events one turn of the event loop writes. */
const BATCH = 8;
/** The pause between two events of a stream that its client will leave. */
const SLOW_MS = 10;
/** How long the bytes before a cut have to arrive. */
const BEFORE_CUT_MS = 20;

const LISTS: Readonly<Record<string, string>> = {
  '/v1/models': JSON.stringify({
    object: 'list',
    data: Object.keys(MODELS).map((id) => ({ id, object: 'model', owned_by: 'llama-swap' })),
  }),
  '/running': JSON.stringify({ running: [] }),
};

console.log(JSON.stringify(await Promise.all(process.argv.slice(2).map(startHost))));

async function startHost(argument: string): Promise<number> {
  const [name = '', port = ''] = argument.split(':');
  let open = 0;
  const server = createServer((request, response) => {
    const { url = '' } = request;
    if (url === '/open') return void response.end(String(open));
    open += 1;
    response.once('close', () => (open -= 1));
    // Clients may leave in the middle.
    answer(name, { request, response }).catch(() => response.destroy());
  });
  server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answer(host: string, { request, response }: Exchange): Promise<void> {
  const { url = '', headers } = request;
  if (headers.authorization !== `Bearer ${toKey(host)}`) {
    return void response.writeHead(401, JSON_TYPE).end('{"error":"not the key of this host"}');
  }
  const list = LISTS[url];
  if (list !== undefined) return void response.writeHead(200, JSON_TYPE).end(list);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const received = await readMessage(Buffer.concat(chunks), headers['content-type'] ?? '');
  if (!Object.hasOwn(MODELS, received.model)) {
    return void response.writeHead(404, JSON_TYPE).end('{"error":"no such model"}');
  }
  const { kind, nonce, fault } = received.order;
  const { model, digest } = received;
  const pieces = toPieces({ kind, nonce, host, model, path: url, digest });
  if (fault === null) await write(response, { ...received, pieces });
  else await fail(response, { ...received, host, text: pieces.join('') });
}

async function write(response: ServerResponse, { order, pieces }: Received & { pieces: string[] }) {
  if (!isStream(order.kind)) {
    const body = pieces.join('');
    const length = String(Buffer.byteLength(body));
    return void response.writeHead(200, { ...JSON_TYPE, 'content-length': length }).end(body);
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const [index, piece] of pieces.entries()) {
    if (response.destroyed) return;
    if (!response.write(piece))
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    if (order.kind === 'left midway') await sleep(SLOW_MS);
    else if (index % BATCH === BATCH - 1) await nextTurn();
  }
  response.end();
}

async function fail(
  response: ServerResponse,
  { order, model, host, text }: Received & { host: string; text: string },
): Promise<void> {
  const { kind, nonce, fault } = order;
  const half = text.slice(0, text.length / 2);
  const { socket } = response;
  if (fault === 'hangs') return;
  if (fault === 'resets at once') return void socket?.resetAndDestroy();
  if (fault === 'answers 500') {
    return void response.writeHead(500, JSON_TYPE).end(toFaultText({ kind, nonce, host, model }));
  }
  const length = String(Buffer.byteLength(text));
  response.writeHead(200, {
    'content-type': isStream(kind) ? 'text/event-stream' : 'application/json',
    ...(fault === 'too short' && { 'content-length': length }),
  });
  response.write(half);
  await sleep(BEFORE_CUT_MS);
  if (fault === 'resets midway') socket?.resetAndDestroy();
  else if (fault === 'too short') socket?.end();
  else socket?.end('no length of a chunk\r\n');
}
