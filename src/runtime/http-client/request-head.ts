/** The parts of a request head. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  /** The value of the `host` header: the upstream's name and port. */
  readonly host: string;
  /** Keyed by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The length of the body in bytes; null if it is sent in chunks, undefined if there is no body. */
  readonly length: number | null | undefined;
  /** Whether another request may follow on the connection. */
  readonly keepsAlive: boolean;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/u;
/** Characters that no path or header value may contain: a line break would begin another header or another request. */
const NOT_IN_PATH = /[^!-\xff]|\x7f/u;
const NOT_IN_VALUE = /[^\t -~\x80-\xff]/u;

/** Headers that the connection sets itself. */
const OWN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
]);

/** Methods whose requests have a length even where they have no body (RFC 9110, section 8.6). */
const WITH_BODY: ReadonlySet<string> = new Set(['PATCH', 'POST', 'PUT']);

/** Writes a head, one character per byte. Throws `TypeError` for characters that could change its structure. */
export function writeRequestHead(head: RequestHead): string {
  const { method, path, host, headers } = head;
  if (!TOKEN.test(method) || path === '' || NOT_IN_PATH.test(path)) {
    throw new TypeError('The request has an invalid method or path');
  }
  let text = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${toConnection(head)}\r\n`;
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

function toConnection({ headers, keepsAlive }: RequestHead): string {
  if ('upgrade' in headers) return 'Upgrade';
  return keepsAlive ? 'keep-alive' : 'close';
}

function writeLength({ method, length }: RequestHead): string {
  if (length === null) return 'transfer-encoding: chunked\r\n';
  if (length === undefined) return WITH_BODY.has(method) ? 'content-length: 0\r\n' : '';
  return `content-length: ${length}\r\n`;
}
