import { createConnection, type Socket } from 'node:net';
import { AnswerReader, type AnswerSink } from './answer-reader.ts';

/** One connection to a target. */
export interface Connection {
  send(bytes: Buffer): void;
  end(): void;
}

// One for all connections: each read is finished before the next one begins.
const shared = Buffer.alloc(64 * 1024);

/** Connects to a port of this machine and reads its answers. Every fault ends the process: its figures mean nothing. */
export function openConnection(port: number, sink: AnswerSink): Promise<Connection> {
  const reader = new AnswerReader(sink);
  let ending = false;
  return new Promise((resolve, reject) => {
    const socket: Socket = createConnection({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: shared,
        callback(length) {
          reader.push(shared.subarray(0, length));
          return true;
        },
      },
    });
    socket.once('error', (error) => {
      reject(error);
      if (!ending) throw error;
    });
    socket.once('close', () => {
      if (!ending) throw new Error('The connection was closed before an answer was complete');
    });
    socket.once('connect', () =>
      resolve({
        send: (bytes) => void socket.write(bytes),
        end: () => {
          ending = true;
          socket.destroy();
        },
      }),
    );
  });
}
