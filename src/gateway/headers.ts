/** Headers by their names in lower case. */
export type HeaderRecord = Readonly<Record<string, string>>;

/** What concerns one connection alone (RFC 9110, section 7.6.1), and what older programs send in its place. */
const HOP_BY_HOP = [
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
];

/** Headers of a client that no provider gets: those of the connection, credentials, and what tells Paddock's address. */
const NOT_SENT: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'trailer',
  'accept-encoding',
  'content-length',
  'expect',
  'host',
  'origin',
  'referer',
  // Credentials, by the names that OpenAI's, Anthropic's, Azure's and Google's clients give them.
  'api-key',
  'authorization',
  'cookie',
  'cookie2',
  'x-api-key',
  'x-goog-api-key',
]);

/** What a browser says about itself, and about the page that sends a request. */
const OF_BROWSER = 'sec-';

/**
 * Headers of a provider that a client gets, with those of `PASSED_PREFIXES`. Any other may tell a browser to do something
 * to Paddock's own origin: to clear its storage, to let a service worker in, to load or report something.
 */
const PASSED_ON: ReadonlySet<string> = new Set([
  'accept-ranges',
  'age',
  'cache-control',
  // These five also stand behind a prefix: they are in nearly every answer, and a look into a set is faster.
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
 * Exceptions to `PASSED_PREFIXES`: the policy of a page and what Paddock says are Paddock's to send, and the others have a
 * reverse proxy in front of Paddock (nginx, Apache, lighttpd, LiteSpeed, Perlbal) answer with a file or an address of its
 * own.
 */
const NOT_PASSED_ON =
  /^(?:content-security-policy|x-paddock-|x-accel-|x-sendfile|x-lighttpd-send-|x-litespeed-|x-reproxy-)/u;

const BEYOND_ASCII = /[^\x20-\x7e]/;

/** Headers of a request to a provider that are not the client's. */
interface OwnHeaders {
  readonly own: HeaderRecord;
  /** The length of the body in bytes; null where it has none that is known. */
  readonly length: number | null;
  /** Which encodings of the answer the client takes as they are; without it Paddock would have to decode them. */
  readonly acceptEncoding?: string | null;
}

/** The headers that a provider gets: the client's own without `NOT_SENT`, and Paddock's. */
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

/** The headers that a client gets: those of the provider that may pass, and Paddock's. */
export function toClientHeaders(upstream: HeaderRecord, own: HeaderRecord): HeaderRecord {
  const headers: Record<string, string> = {};
  const named = readNamed(upstream['connection']);
  for (const name in upstream) {
    if (isPassedOn(name) && named?.has(name) !== true) headers[name] = upstream[name] ?? '';
  }
  if (upstream['content-type']?.startsWith('text/event-stream') === true) {
    // nginx and its like would else hold events back until a buffer is full.
    headers['x-accel-buffering'] = 'no';
  }
  return Object.assign(headers, own);
}

function isPassedOn(name: string): boolean {
  return PASSED_ON.has(name) || (PASSED_PREFIXES.test(name) && !NOT_PASSED_ON.test(name));
}

/** A text as the value of a header: as it is in ASCII, percent-encoded beyond. */
export function toHeaderValue(text: string): string {
  return BEYOND_ASCII.test(text) ? text.replaceAll(/[^\x20-\x7e]+/gu, encodeURIComponent) : text;
}

/** Further headers that a connection keeps to itself, or null. */
function readNamed(connection: string | undefined): ReadonlySet<string> | null {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close')
    return null;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}
