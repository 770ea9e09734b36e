// A client that sends exactly what it is told, and sees everything that comes back.

import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** What to send. */
export interface Call {
  readonly method?: string;
  /** The path and query exactly as they are to be sent, in place of the URL's. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array> | undefined;
  /** The length of a body that is announced, and waits to be sent until there is an answer. */
  readonly announced?: number;
}

/** What came back, in full. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

/** An answer of which the headers have come. */
export interface Opened {
  readonly answer: IncomingMessage;
  /** Goes away without a word, as a client does whose machine is cut off. */
  leave(): void;
}

/** Sends a request, and answers at once a way to leave and the promise of its headers. */
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

/** Sends a request, and reads all of its answer; rejects where the answer breaks off. */
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
