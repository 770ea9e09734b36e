/** What a head is written of. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  /** The upstream's host and port. */
  readonly host: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long the body is in bytes, or null where it is sent in chunks; none at all is undefined. */
  readonly length: number | null | undefined;
  /** Whether another request may follow on the connection. */
  readonly keepsAlive: boolean;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/u;
/** What no path and no value of a header holds: a line break would begin another header, or another request. */
const NOT_IN_PATH = /[^!-\xff]|\x7f/u;
const NOT_IN_VALUE = /[^\t -~\x80-\xff]/u;

/** What the connection itself says. */
const OWN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
]);

/** Methods whose requests have a length even where they have no body (RFC 9110, section 8.6). */
const WITH_BODY: ReadonlySet<string> = new Set(['PATCH', 'POST', 'PUT']);

/**
 * Writes the head of a request, a character for each byte.
 * @throws {TypeError} where anything in it would not stay in its place
 */
export function writeRequestHead(head: RequestHead): string {
  const { method, path, host, headers, keepsAlive } = head;
  if (!TOKEN.test(method) || path === '' || NOT_IN_PATH.test(path)) {
    throw new TypeError('The request has an invalid method or path');
  }
  let text = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${keepsAlive ? 'keep-alive' : 'close'}\r\n`;
  for (const name in headers) {
    if (OWN.has(name)) continue;
    const value = headers[name] ?? '';
    if (!TOKEN.test(name) || NOT_IN_VALUE.test(value)) {
      throw new TypeError(`The request's header ${JSON.stringify(name)} is invalid`);
    }
    text += `${name}: ${value}\r\n`;
  }
  return `${text}${writeLength(head)}\r\n`;
}

function writeLength({ method, length }: RequestHead): string {
  if (length === null) return 'transfer-encoding: chunked\r\n';
  if (length === undefined) return WITH_BODY.has(method) ? 'content-length: 0\r\n' : '';
  return `content-length: ${length}\r\n`;
}
