/** The head of an answer, with one line that says how its body is framed. */
export function toHead(contentType: string, framing: string): Buffer {
  return Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: ${contentType}\r\n${framing}\r\n\r\n`);
}

/** The head of an event stream. */
export const STREAM_HEAD = toHead('text/event-stream', 'transfer-encoding: chunked');

/** What ends an answer in chunks. */
export const END_OF_CHUNKS = Buffer.from('0\r\n\r\n');

/** A text as one chunk. */
export function toChunk(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

/** A whole request, headers and body. */
export function toRequest(options: {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}): Buffer {
  const { path, headers, body } = options;
  const lines = Object.entries({
    host: '127.0.0.1',
    'user-agent': 'paddock-bench',
    accept: '*/*',
    'content-type': 'application/json',
    'content-length': String(body.length),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), body]);
}
