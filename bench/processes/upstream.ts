// The upstream: prepared bytes over bare sockets, so that it costs as little as possible. The model of a request chooses
// the answer. It prints its port.

import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { endWithParent } from '../shared/end-with-parent.ts';
import { readRequests } from '../gateway/read-requests.ts';
import { startSlowStream } from '../gateway/slow-stream.ts';
import { toAnswerBody, toEvents } from '../gateway/exchanges.ts';
import { LAST_CHUNK, STREAM_HEAD, toChunk, toHead } from '../load/wire.ts';

endWithParent();

/** A stream is sent in this many writes, each in its own turn of the event loop. */
const WRITES = 10;

const CHAT = toAnswer(toAnswerBody('chat'));
const STREAM = toStreamWrites();
const MODELS = ['chat', 'stream', 'large', 'slow'].map((id) => ({ id, object: 'model' }));
const UNKNOWN = Buffer.from('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n');

const CHAT_ANSWERS: Readonly<Record<string, (socket: Socket) => void>> = {
  chat: (socket) => socket.write(CHAT),
  large: (socket) => socket.write(CHAT),
  stream: (socket) => sendStream(socket, 0),
  slow: startSlowStream,
};
const OTHER_ANSWERS: Readonly<Record<string, Buffer>> = {
  '/v1/models': toAnswer(JSON.stringify({ object: 'list', data: MODELS })),
  '/running': toAnswer(JSON.stringify({ running: [] })),
};

const server = createServer({ noDelay: true }, (socket) => {
  // Clients may close the connection at any time.
  socket.on('error', () => socket.destroy());
  readRequests(socket, ({ path, model }) => {
    const answer = CHAT_ANSWERS[model ?? ''];
    if (answer !== undefined) answer(socket);
    else socket.write(OTHER_ANSWERS[path] ?? UNKNOWN);
  });
});
// Up to a thousand streams begin at once.
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
await once(server, 'listening');
console.log((server.address() as AddressInfo).port);

function toAnswer(body: Buffer | string): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([toHead('application/json', `content-length: ${bytes.length}`), bytes]);
}

function toStreamWrites(): Buffer[] {
  const chunks = toEvents().map(toChunk);
  const each = chunks.length / WRITES;
  return Array.from({ length: WRITES }, (_, index) =>
    Buffer.concat([
      ...(index === 0 ? [STREAM_HEAD] : []),
      ...chunks.slice(index * each, (index + 1) * each),
      ...(index === WRITES - 1 ? [LAST_CHUNK] : []),
    ]),
  );
}

function sendStream(socket: Socket, index: number): void {
  const bytes = STREAM[index];
  if (bytes === undefined || socket.destroyed) return;
  socket.write(bytes);
  setImmediate(sendStream, socket, index + 1);
}
