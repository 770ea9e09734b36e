import { describe, expect, it } from 'vitest';
import {
  readAddress,
  readListening,
  readUnanswered,
  toPlainAddress,
} from '../../src/runtime/tcp-table.ts';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
// Lines of Linux 6.
const LISTENS =
  '  14: 0109CB0A:1E77 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1134513 1 0000000046b4 100 0 0 10 0';
const IDLE =
  '1280: 0109CB0A:1E77 0209CB0A:EBAC 01 00000000:00000000 02:00000147 00000000     0        0 1134626 3 0000000097b9 21 4 30 10 -1';
const RESENDS =
  '1103: 0109CB0A:1E77 0209CB0A:EBAC 01 00001D4C:00000000 01:0000047C 0000000B     0        0 1134626 3 0000000097b9 1305 4 30 1 7';
const SENDS = RESENDS.replace('0000000B', '00000000');
const PROBES =
  '2721: 0109CB0A:1E77 0209CB0A:BD84 08 00097A88:00000000 04:00000124 00000000     0        3 1143009 3 00000000ab81 21 4 1 10 -1';
const PROBED = PROBES.replace('       3 ', '       0 ');
const ORPHAN = RESENDS.replace(' 01 ', ' 0B ');
const IPV6 =
  '   3: 00000000000000000000000001000000:20D0 0000000000000000FFFF00000209CB0A:C350 01 00000064:00000000 01:00000014 00000002     0        0 77 1 0';

const toTable = (...rows: string[]) => `${[HEAD, ...rows].join('\n')}\n`;

describe('readUnanswered', () => {
  it('finds retransmissions, and unanswered window probes', () => {
    const near = { localPort: 7799, remoteAddress: '0209CB0A' };
    expect(readUnanswered(toTable(LISTENS, IDLE, SENDS, RESENDS, PROBED, PROBES, ORPHAN))).toEqual([
      { ...near, inode: '1134626', remotePort: 60_332, attempts: 11, isConnecting: false },
      { ...near, inode: '1143009', remotePort: 48_516, attempts: 3, isConnecting: false },
    ]);
  });

  it('finds connections that are not accepted', () => {
    const opening = toTable(RESENDS.replace(' 01 ', ' 02 '));
    expect(readUnanswered(opening)).toMatchObject([{ attempts: 11, isConnecting: true }]);
  });

  it('finds connections of IPv6', () => {
    expect(readUnanswered(toTable(IPV6))).toEqual([
      {
        inode: '77',
        localPort: 8400,
        remoteAddress: '0000000000000000FFFF00000209CB0A',
        remotePort: 50_000,
        attempts: 2,
        isConnecting: false,
      },
    ]);
  });

  it('finds nothing in text that is not a table', () => {
    expect([readUnanswered(''), readUnanswered(HEAD)]).toEqual([[], []]);
  });
});

it('readListening finds the sockets that listen on a port', () => {
  expect(readListening(toTable(LISTENS, IDLE), 7799)).toEqual(['1134513']);
  expect(readListening(toTable(LISTENS, IDLE), 60_332)).toEqual([]);
});

it.each([
  ['0209CB0A', '10.203.9.2'],
  ['0100007F', '127.0.0.1'],
  ['00000000000000000000000001000000', '::1'],
  ['0000000000000000FFFF00000209CB0A', '::ffff:10.203.9.2'],
  ['000080FE000000000000000002000000', 'fe80::2%eth0'],
])('%s reads as %s', (hex, address) => {
  expect(readAddress(hex)).toBe(toPlainAddress(address));
});
