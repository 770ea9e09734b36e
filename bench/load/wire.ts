/** The head of an answer; `framing` is the header that frames its body. */
export function toHead(contentType: string, framing: string): Buffer {
  return Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: ${contentType}\r\n${framing}\r\n\r\n`);
}

/** The head of an event stream. */
export const STREAM_HEAD = toHead('text/event-stream', 'transfer-encoding: chunked');

/** The last chunk. */
export const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** A text as one chunk. */
export function toChunk(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

/** A whole request: a `GET`, or a `POST` where there is a body. */
export function toRequest(options: {
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: Buffer;
}): Buffer {
  const { path, headers, body } = options;
  const lines = Object.entries({
    host: '127.0.0.1',
    'user-agent': 'paddock-bench',
    accept: '*/*',
    ...(body && { 'content-type': 'application/json', 'content-length': String(body.length) }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${body ? 'POST' : 'GET'} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head), body ?? Buffer.alloc(0)]);
}
