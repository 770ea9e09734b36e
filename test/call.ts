// An HTTP client for tests: sends paths, headers and bodies unchanged, and reads the complete answer.

import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** A request. */
export interface Call {
  readonly method?: string;
  /** The path and query, sent unchanged in place of the URL's. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array> | undefined;
  /** A content length to announce without sending a body. */
  readonly announced?: number;
}

/** A complete answer. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

/** An answer whose headers have arrived. */
export interface Opened {
  readonly answer: IncomingMessage;
  /** Resets the connection. */
  leave(): void;
}

/** Sends a request. Returns the promise of its headers, and a function that resets the connection. */
export function open(
  url: string,
  { method = 'POST', path, headers = {}, body, announced }: Call = {},
) {
  const outgoing = request(url, {
    method,
    ...(path !== undefined && { path }),
    headers: {
      ...(typeof body === 'string' && { 'content-type': 'application/json' }),
      ...((typeof body === 'string' || body instanceof Uint8Array) && {
        'content-length': String(Buffer.byteLength(body)),
      }),
      ...(announced !== undefined && { 'content-length': String(announced) }),
      ...headers,
    },
    agent: false,
  });
  const leave = () => outgoing.socket?.resetAndDestroy();
  const opened = new Promise<Opened>((resolve, reject) => {
    outgoing.once('response', (answer) => resolve({ answer, leave }));
    outgoing.once('error', reject);
  });
  if (announced !== undefined) outgoing.flushHeaders();
  else void send(outgoing, body).catch(() => outgoing.destroy());
  return { opened, leave };
}

/** Sends a request and reads the complete answer. Rejects when the answer breaks off. */
export async function call(url: string, options: Call = {}): Promise<Reply> {
  const { answer } = await open(url, options).opened;
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body, text: body.toString() };
}

async function send(outgoing: ReturnType<typeof request>, body: Call['body']): Promise<void> {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    outgoing.end(body);
    return;
  }
  for await (const chunk of body) {
    if (!outgoing.write(chunk)) await new Promise((resolve) => outgoing.once('drain', resolve));
  }
  outgoing.end();
}
