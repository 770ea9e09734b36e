// A WebSocket client that records messages and the close code.

import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';

interface DialOptions extends ClientOptions {
  /** Basic authorization, which the types lack. */
  readonly auth?: string;
  readonly protocols?: string[];
}

/** What a client received on one WebSocket. */
interface Seen {
  readonly webSocket: WebSocket;
  readonly messages: (string | Buffer)[];
  /** The headers of the answer that accepted it. */
  headers: Record<string, string | string[] | undefined>;
  /** Settles with the close code and the reason. */
  readonly closed: Promise<string>;
}

/** Starts to open a WebSocket. */
export function dial(url: string, options: DialOptions = {}): Seen {
  const { protocols = [], ...rest } = options;
  const webSocket = new WebSocket(url.replace('http', 'ws'), protocols, rest);
  const messages: (string | Buffer)[] = [];
  webSocket.on('message', (data: Buffer, isBinary) => {
    messages.push(isBinary ? data : String(data));
  });
  webSocket.on('error', () => {});
  const closed = new Promise<string>((resolve) => {
    webSocket.once('close', (code, reason) => resolve(`${code} ${String(reason)}`.trim()));
  });
  const seen: Seen = { webSocket, messages, headers: {}, closed };
  webSocket.once('upgrade', ({ headers }) => (seen.headers = headers));
  return seen;
}

/** Opens a WebSocket. */
export async function openWebSocket(url: string, options?: DialOptions): Promise<Seen> {
  const seen = dial(url, options);
  await Promise.race([once(seen.webSocket, 'open'), seen.closed.then(fail)]);
  return seen;
}

function fail(reason: string): never {
  throw new Error(`The WebSocket did not open: ${reason}`);
}

/** The answer that refuses a WebSocket. */
export function refused(url: string, options: DialOptions = {}) {
  const { webSocket } = dial(url, options);
  return new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      webSocket.once('open', () => reject(new Error('The WebSocket opened')));
      webSocket.once('unexpected-response', async (_request, answer) => {
        let text = '';
        for await (const chunk of answer) text += String(chunk);
        resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers });
      });
    },
  );
}
