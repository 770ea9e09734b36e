/** Headers by name, in lower case. */
export type HeaderRecord = Readonly<Record<string, string>>;

/** A client's headers that no provider gets: of the connection, credentials, and those with Paddock's address. */
const NOT_SENT: ReadonlySet<string> = new Set([
  // They concern only one connection (RFC 9110, section 7.6.1), as do some older headers here.
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'accept-encoding',
  'content-length',
  'expect',
  'host',
  'origin',
  'referer',
  // Credentials of OpenAI's, Anthropic's, Azure's and Google's clients.
  'api-key',
  'authorization',
  'cookie',
  'cookie2',
  'x-api-key',
  'x-goog-api-key',
]);

/** The prefix of headers in which a browser describes itself and the page that sends a request. */
const OF_BROWSER = 'sec-';

/**
 * Headers of a provider that a client gets, together with those of `PASSED_PREFIXES`. Any other header could make a browser
 * act on Paddock's own origin: clear its storage, allow a service worker, load or report something.
 */
const PASSED_ON: ReadonlySet<string> = new Set([
  'accept-ranges',
  'age',
  'cache-control',
  // A prefix also matches these five. They are in nearly every answer, and a set lookup is faster.
  'content-encoding',
  'content-length',
  'content-type',
  'x-accel-buffering',
  'x-request-id',
  'date',
  'etag',
  'expires',
  'last-modified',
  'request-id',
  'retry-after',
  'server-timing',
  'trailer',
  'vary',
]);

const PASSED_PREFIXES = /^(?:content-|ratelimit-|openai-|anthropic-|x-)/u;

/**
 * Exceptions to `PASSED_PREFIXES`. Only Paddock sends a content security policy and `x-paddock-*`. The others would make a
 * reverse proxy in front of Paddock (nginx, Apache, lighttpd, LiteSpeed, Perlbal) answer with one of its own files or
 * addresses.
 */
const NOT_PASSED_ON =
  /^(?:content-security-policy|x-paddock-|x-accel-|x-sendfile|x-lighttpd-send-|x-litespeed-|x-reproxy-)/u;

const BEYOND_ASCII = /[^\x20-\x7e]/;

/** Headers of a request to a provider that Paddock sets itself. */
interface OwnHeaders {
  readonly own: HeaderRecord;
  /** The length of the body in bytes; null where it is unknown. */
  readonly length: number | null;
  /** The encodings that the client accepts; `identity` by default, so that Paddock need not decode. */
  readonly acceptEncoding?: string | null;
}

/** Returns the headers that a provider gets: the client's own without `NOT_SENT`, and Paddock's. */
export function toUpstreamHeaders(
  client: HeaderRecord,
  { own, length, acceptEncoding }: OwnHeaders,
): HeaderRecord {
  const headers: Record<string, string> = {};
  const named = readNamed(client['connection']);
  for (const name in client) {
    if (NOT_SENT.has(name) || name.startsWith(OF_BROWSER) || named?.has(name) === true) continue;
    headers[name] = client[name] ?? '';
  }
  headers['accept-encoding'] = acceptEncoding ?? 'identity';
  if (length !== null) headers['content-length'] = String(length);
  return Object.assign(headers, own);
}

/** Returns the headers that a client gets: the provider's permitted headers, and Paddock's. */
export function toClientHeaders(upstream: HeaderRecord, own: HeaderRecord): HeaderRecord {
  const headers: Record<string, string> = {};
  const named = readNamed(upstream['connection']);
  for (const name in upstream) {
    if (isPassedOn(name) && named?.has(name) !== true) headers[name] = upstream[name] ?? '';
  }
  if (upstream['content-type']?.startsWith('text/event-stream') === true) {
    // Otherwise nginx and similar proxies hold events back until a buffer is full.
    headers['x-accel-buffering'] = 'no';
  }
  return Object.assign(headers, own);
}

function isPassedOn(name: string): boolean {
  return PASSED_ON.has(name) || (PASSED_PREFIXES.test(name) && !NOT_PASSED_ON.test(name));
}

/** Converts a text into a header value: printable ASCII stays unchanged, other characters are percent-encoded. */
export function toHeaderValue(text: string): string {
  return BEYOND_ASCII.test(text) ? text.replaceAll(/[^\x20-\x7e]+/gu, encodeURIComponent) : text;
}

/** Further connection headers that `Connection` names, or null. */
function readNamed(connection: string | undefined): ReadonlySet<string> | null {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close')
    return null;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}
