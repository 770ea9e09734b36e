// What Linux tells of TCP connections in /proc/net/tcp and /proc/net/tcp6.

/** A connection on which the other side answers nothing. */
export interface UnansweredConnection {
  /** Of its socket: no other has it at the same time. */
  readonly inode: string;
  readonly localPort: number;
  /** As the table writes it. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** How often something was sent again, or a full window was probed, since the other side last answered. */
  readonly attempts: number;
  /** Whether it is still being opened. */
  readonly isConnecting: boolean;
}

/** Established connections, those that are being opened and half-closed ones, while a timer runs for data (01) or for a full window (04). */
const UNANSWERED =
  /^ *\d+: [\dA-F]+:([\dA-F]{4}) ([\dA-F]+):([\dA-F]{4}) (0[128]) \S+ (01|04):\S+ ([\dA-F]+) +\d+ +(\d+) (\d+) /gmu;

const LISTENING = /^ *\d+: [\dA-F]+:([\dA-F]{4}) \S+ 0A \S+ \S+ \S+ +\d+ +\d+ (\d+) /gmu;

/** The connections of a table that wait for an answer to what was sent more than once. */
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

/** The inodes of the sockets that listen on a port. */
export function readListening(table: string, port: number): string[] {
  return [...table.matchAll(LISTENING)]
    .filter(([, local = '']) => Number.parseInt(local, 16) === port)
    .map(([, , inode = '']) => inode);
}

/** An address as the table writes it, in the form that `toPlainAddress` gives any other one. */
export function readAddress(hex: string): string {
  // Each group of four bytes is a number in the machine's own order, and Linux runs on little ones.
  const bytes = (hex.match(/.{8}/gu) ?? []).flatMap((group) =>
    Array.from(Buffer.from(group, 'hex').toReversed()),
  );
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  return toPlainAddress(groups.join(':'));
}

/** An address in one form, whichever way it is written: IPv4 within IPv6 is IPv4. */
export function toPlainAddress(address: string): string {
  const [plain = ''] = address.split('%');
  if (!plain.includes(':')) return plain;
  const { hostname } = new URL(`http://[${plain}]`);
  const [, high, low] = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/u.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return hostname;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}
