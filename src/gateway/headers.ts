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
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What a host never gets of a client: what is between the two ends of a connection, and who the client is. */
const NOT_SENT: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'accept-encoding',
  'content-length',
  'expect',
  'host',
  // Credentials, by the names that OpenAI's, Anthropic's, Azure's and Google's clients give them.
  'api-key',
  'authorization',
  'cookie',
  'cookie2',
  'x-api-key',
  'x-goog-api-key',
]);

/** What a client never gets of a host: its challenge, its cookies, and what it would have browsers do. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'alt-svc',
  // What of it may be passed on is decided apart.
  'location',
  'set-cookie',
  'set-cookie2',
  'www-authenticate',
]);

const BEYOND_ASCII = /[^\x20-\x7e]/;

/** Which pages may read an answer is for Paddock to say. */
const CORS = 'access-control-';

/** The headers that an upstream gets: the client's own, but for what stays behind, and what Paddock says instead. */
export function toUpstreamHeaders(
  client: HeaderRecord,
  { own, length }: { readonly own: HeaderRecord; readonly length: number | null },
): HeaderRecord {
  const headers: Record<string, string> = {};
  const named = readNamed(client['connection']);
  for (const name in client) {
    if (!NOT_SENT.has(name) && named?.has(name) !== true) headers[name] = client[name] ?? '';
  }
  // What is compressed on the way would have to be unpacked here.
  headers['accept-encoding'] = 'identity';
  if (length !== null) headers['content-length'] = String(length);
  return Object.assign(headers, own);
}

/** The headers that a client gets: the upstream's own, but for what stays behind, and those of Paddock. */
export function toClientHeaders(upstream: HeaderRecord, own: HeaderRecord): HeaderRecord {
  const headers: Record<string, string> = {};
  const named = readNamed(upstream['connection']);
  for (const name in upstream) {
    if (NOT_PASSED_ON.has(name) || name.startsWith(CORS) || named?.has(name) === true) continue;
    headers[name] = upstream[name] ?? '';
  }
  if (upstream['content-type']?.startsWith('text/event-stream') === true) {
    // nginx and its like would else hold events back until a buffer is full.
    headers['x-accel-buffering'] = 'no';
  }
  return Object.assign(headers, own);
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
