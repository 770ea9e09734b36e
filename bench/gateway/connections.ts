import { createConnection, type Socket } from 'node:net';
import { AnswerReader, type AnswerSink } from './answer-reader.ts';

/** One connection to a target. */
export interface Connection {
  send(bytes: Buffer): void;
  end(): void;
}

// Read and done with at once, so one does for all connections.
const shared = Buffer.alloc(64 * 1024);

/**
 * Connects to a port of this machine, and reads the answers that come. Whatever goes wrong ends the process: figures of
 * a target that fails mean nothing.
 */
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
      if (!ending) throw new Error('Expected an answer but the connection was closed');
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
