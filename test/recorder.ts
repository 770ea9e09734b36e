// An upstream that records every request byte for byte, and answers with a given function.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A recorded request. */
interface Received {
  readonly method: string;
  /** The path and query, unchanged. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Answers a request that has arrived completely. */
export type Reply = (response: ServerResponse, received: Received) => void;

/** An upstream under a test's control. */
export interface Recorder {
  /** Listens on a free port of loopback. */
  start(): Promise<void>;
  readonly port: number;
  readonly received: Received[];
  /** The number of requests that began to arrive, and of exchanges that the other side broke off. */
  begun(): number;
  brokenOff(): number;
  /** Sets the answer for later requests. */
  reply(reply: Reply): void;
  close(): Promise<void>;
}

/** Answers with JSON that names the upstream. */
export const answerName =
  (name: string): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ name }));
  };

/** Creates an upstream that listens. */
export async function startRecorder(first: Reply = answerName('ok')): Promise<Recorder> {
  const recorder = createRecorder(first);
  await recorder.start();
  return recorder;
}

/** Creates an upstream that does not listen yet. */
export function createRecorder(first: Reply = answerName('ok')): Recorder {
  let reply = first;
  let begun = 0;
  let brokenOff = 0;
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    begun += 1;
    response.once('close', () => {
      if (!response.writableFinished) brokenOff += 1;
    });
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const { method = '', url = '', headers } = request;
    const whole = { method, url, headers, body: Buffer.concat(chunks) };
    received.push(whole);
    reply(response, whole);
  });
  return {
    start: () => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)),
    get port() {
      return (server.address() as AddressInfo).port;
    },
    received,
    begun: () => begun,
    brokenOff: () => brokenOff,
    reply: (next) => (reply = next),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
