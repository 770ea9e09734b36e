import { findStatusFault, InvalidAnswer, toStatusFault } from '../../upstream/invalid-answer.ts';

/** How a body's end is found (RFC 9112, section 6.3): by its length in bytes, last chunk or the connection's end. */
type Framing = number | 'chunked' | 'close';

/** The head of a response. */
export interface ResponseHead {
  readonly status: number;
  /** Keyed by lower-case name. Several headers of one name are joined into one list. */
  readonly headers: Readonly<Record<string, string>>;
  readonly framing: Framing;
  /** Whether the connection may carry another request after the response. */
  readonly keepsAlive: boolean;
  /** How long the upstream says it keeps an idle connection open, in milliseconds, or null. */
  readonly idleHintMs: number | null;
}

/** A status line whose version or status HTTP/1 does not have. */
const OTHER_LINE = /^HTTP\/(\d(?:\.\d)?) (?:(\d{1,9})(?: |$))?/u;
const STATUS_LINE = /^HTTP\/1\.(\d) (\d{3})(?: |$)/u;
/** Characters that no head may contain: control characters, and line breaks other than CR LF. */
const FORBIDDEN = /[^\t\r\n -~\x80-\xff]|\r(?!\n)|(?<!\r)\n/u;
const TOKEN = /^[!#$%&'*+\-.^_`|~\da-z]+$/u;
const HINT = /(?:^|[,;\s])timeout\s*=\s*"?(\d{1,9})/iu;
/** The longest content-length that is counted exactly has 15 digits. */
const LENGTH = /^\d{1,15}$/u;

/** The properties of a request that change how its response is parsed. */
export interface AskedHead {
  readonly method: string;
  /** Whether the request asks for another protocol. */
  readonly isUpgrade: boolean;
}

/** Parses a head without the empty line at its end; null for an interim response. Throws `InvalidAnswer`. */
export function parseResponseHead(
  text: string,
  { method, isUpgrade }: AskedHead,
): ResponseHead | null {
  const lines = text.split('\r\n');
  const [line = ''] = lines;
  const [, minor, digits] = STATUS_LINE.exec(line) ?? [];
  if (digits === undefined) throw toNoAnswer(line);
  if (FORBIDDEN.test(text)) throw toForbidden(text);
  const status = Number(digits);
  const headers = readHeaders(lines);
  const isSwitched = status === 101 && isUpgrade && 'upgrade' in headers;
  if (status >= 100 && status < 200 && !isSwitched) {
    requireInterim(status, headers);
    return null;
  }
  const fault = isSwitched ? null : findStatusFault(status);
  if (fault !== null) throw fault;
  const hasNoBody = isSwitched || method === 'HEAD' || status === 204 || status === 304;
  const framing = hasNoBody ? 0 : readFraming(headers);
  return {
    status,
    headers,
    framing,
    keepsAlive: keepsAlive(minor, { headers, framing }),
    idleHintMs: readHint(headers['keep-alive']),
  };
}

/** Returns the fault of a first line. It repeats only numbers: the line may contain the request with its key. */
export function toNoAnswer(line: string): InvalidAnswer {
  const [, version = '', status] = OTHER_LINE.exec(line) ?? [];
  if (version.startsWith('1.')) {
    return status === undefined
      ? new InvalidAnswer('sent a status that is not a number')
      : toStatusFault(Number(status));
  }
  if (version !== '') return new InvalidAnswer(`answered in HTTP/${version} instead of HTTP/1.1`);
  return new InvalidAnswer(
    isTls(line)
      ? 'answered in TLS to a request without TLS'
      : 'sent something that is not HTTP/1.1',
  );
}

/** Whether the line begins with a TLS alert or handshake: the type of a record, then the first byte of the version. */
function isTls(line: string): boolean {
  const kind = line.charCodeAt(0);
  return (kind === 21 || kind === 22) && line.charCodeAt(1) === 3;
}

/** The fault of a head that holds characters that none may hold. */
export function toForbidden(text: string): InvalidAnswer {
  const isBreak = /\r(?!\n)|(?<!\r)\n/u.test(text);
  return new InvalidAnswer(
    isBreak
      ? 'sent headers with line breaks other than CR LF'
      : 'sent headers with control characters',
  );
}

function readHeaders(lines: readonly string[]): Record<string, string> {
  // The object has no prototype: an upstream may name a header like a property that every object has.
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (!TOKEN.test(name)) throw toBadLine(line);
    const value = readValue(line, colon + 1);
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

/** Returns the value after the colon, without spaces and tabs around it: other white space may be in UTF-8. */
function readValue(line: string, start: number): string {
  let end = line.length;
  while (start < end && isBlank(line.charCodeAt(start))) start += 1;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function toBadLine(line: string): InvalidAnswer {
  return new InvalidAnswer(
    /^[\t ]/u.test(line)
      ? 'sent a header that is folded over several lines'
      : 'sent a header without a valid name',
  );
}

/** Rejects 101 and interim responses with a length, by which the upstream means a final response. */
function requireInterim(status: number, headers: Readonly<Record<string, string>>): void {
  if (status === 101) throw new InvalidAnswer('switched to another protocol without being asked');
  if ('content-length' in headers || 'transfer-encoding' in headers) {
    throw new InvalidAnswer(`sent the status ${status} as its final answer`);
  }
}

function readFraming(headers: Readonly<Record<string, string>>): Framing {
  const length = headers['content-length'];
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return length === undefined ? 'close' : readLength(length);
  if (length !== undefined) {
    throw new InvalidAnswer('sent both a content-length and a transfer-encoding');
  }
  if (coding.toLowerCase() !== 'chunked') {
    throw new InvalidAnswer('sent a transfer-encoding other than chunked');
  }
  return 'chunked';
}

function readLength(header: string): number {
  // Repeats of the same length count as one length (RFC 9110, section 8.6).
  const lengths = new Set(header.split(',').map((length) => length.trim()));
  const [length = ''] = lengths;
  if (lengths.size > 1) throw new InvalidAnswer('sent several content-lengths');
  if (!LENGTH.test(length)) throw new InvalidAnswer('sent a content-length that is not a number');
  return Number(length);
}

function keepsAlive(
  minor: string | undefined,
  { headers, framing }: Pick<ResponseHead, 'headers' | 'framing'>,
): boolean {
  if (framing === 'close') return false;
  // A body that is wrongly sent with a bodiless response would be parsed as the next response.
  const announces = 'transfer-encoding' in headers || (headers['content-length'] ?? '0') !== '0';
  if (framing === 0 && announces) return false;
  const connection = headers['connection'];
  if (connection === undefined) return minor !== '0';
  const options = connection.toLowerCase().split(/[\s,]+/u);
  if (options.includes('close')) return false;
  return minor !== '0' || options.includes('keep-alive');
}

function readHint(header: string | undefined): number | null {
  const seconds = header === undefined ? undefined : HINT.exec(header)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
