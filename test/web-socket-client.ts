// A client of WebSockets that writes down what it sees.

import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';

interface DialOptions extends ClientOptions {
  /** Of Basic; the types lack what it shares with Node's requests. */
  readonly auth?: string;
  readonly protocols?: string[];
}

/** What a client saw of one WebSocket. */
interface Seen {
  readonly webSocket: WebSocket;
  readonly messages: (string | Buffer)[];
  /** The head of the answer that accepted it. */
  headers: Record<string, string | string[] | undefined>;
  /** Settles with the close code and the reason. */
  readonly closed: Promise<string>;
}

/** Begins to open a WebSocket. */
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

function fail(why: string): never {
  throw new Error(`Not open: ${why}`);
}

/** The answer that refuses a WebSocket. */
export function refused(url: string, options: DialOptions = {}) {
  const { webSocket } = dial(url, options);
  return new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      webSocket.once('open', () => reject(new Error('It is open')));
      webSocket.once('unexpected-response', async (_request, answer) => {
        let text = '';
        for await (const chunk of answer) text += String(chunk);
        resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers });
      });
    },
  );
}
