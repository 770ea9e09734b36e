// Parses Linux's tables of TCP connections, /proc/net/tcp and /proc/net/tcp6.

/** A connection whose peer does not answer. */
export interface UnansweredConnection {
  /** The inode of the socket: unique among open sockets. */
  readonly inode: string;
  readonly localPort: number;
  /** In the notation of the table. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** How often data was sent again, or a full window was probed, since the peer last answered. */
  readonly attempts: number;
  readonly isConnecting: boolean;
}

/** Established, opening and half-closed connections with a running timer for data (01) or for a full window (04). */
const UNANSWERED =
  /^ *\d+: [\dA-F]+:([\dA-F]{4}) ([\dA-F]+):([\dA-F]{4}) (0[128]) \S+ (01|04):\S+ ([\dA-F]+) +\d+ +(\d+) (\d+) /gmu;

const LISTENING = /^ *\d+: [\dA-F]+:([\dA-F]{4}) \S+ 0A \S+ \S+ \S+ +\d+ +\d+ (\d+) /gmu;

/** Returns the connections of a table that wait for an answer to data sent more than once. */
export function readUnanswered(table: string): UnansweredConnection[] {
  const found: UnansweredConnection[] = [];
  for (const match of table.matchAll(UNANSWERED)) {
    const [, local = '', remoteAddress = '', remote = '', state, timer, resent = '', probed] =
      match;
    const attempts = timer === '01' ? Number.parseInt(resent, 16) : Number(probed);
    if (attempts === 0) continue;
    const [localPort, remotePort] = [Number.parseInt(local, 16), Number.parseInt(remote, 16)];
    found.push({
      inode: match[8] ?? '',
      localPort,
      remoteAddress,
      remotePort,
      attempts,
      isConnecting: state === '02',
    });
  }
  return found;
}

/** Returns the inodes of the sockets that listen on a port. */
export function readListening(table: string, port: number): string[] {
  return [...table.matchAll(LISTENING)]
    .filter(([, local = '']) => Number.parseInt(local, 16) === port)
    .map(([, , inode = '']) => inode);
}

/** Converts an address of the table to the form that `toPlainAddress` returns. */
export function readAddress(hex: string): string {
  // Each group of four bytes is a number in the machine's byte order, and Linux runs on little-endian machines.
  const bytes = (hex.match(/.{8}/gu) ?? []).flatMap((group) =>
    Array.from(Buffer.from(group, 'hex').toReversed()),
  );
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  return toPlainAddress(groups.join(':'));
}

/** Normalizes an address: IPv4 within IPv6 becomes IPv4. */
export function toPlainAddress(address: string): string {
  const [plain = ''] = address.split('%');
  if (!plain.includes(':')) return plain;
  const { hostname } = new URL(`http://[${plain}]`);
  const [, high, low] = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/u.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return hostname;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}
