// An upstream that writes down what reaches it, byte for byte, and answers as it is told.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
interface Received {
  readonly method: string;
  /** The path and query as they were sent. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Answers a request that has arrived whole. */
export type Reply = (response: ServerResponse, received: Received) => void;

/** An upstream under a test's control. */
export interface Recorder {
  /** Listens on a free port of loopback. */
  start(): Promise<void>;
  readonly port: number;
  readonly received: Received[];
  /** How many requests have begun to arrive, and how many exchanges the other side broke off. */
  begun(): number;
  brokenOff(): number;
  /** How it answers from now on. */
  reply(reply: Reply): void;
  close(): Promise<void>;
}

/** Answers in JSON that names the upstream. */
export const say =
  (name: string): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ name }));
  };

/** Starts an upstream. */
export async function startRecorder(first: Reply = say('ok')): Promise<Recorder> {
  const recorder = createRecorder(first);
  await recorder.start();
  return recorder;
}

/** Makes an upstream that does not listen yet. */
export function createRecorder(first: Reply = say('ok')): Recorder {
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
