import { describe, expect, it } from 'vitest';
import { SilentPeers } from '../../src/runtime/vanished-peers.ts';

const toConnection = (inode: string, attempts: number) => ({
  inode,
  attempts,
  isConnecting: inode === 'opening',
  localPort: 8400,
  remoteAddress: '0100007F',
  remotePort: 50_000,
});

/** The second at which each connection is given up. The table is read every 5 s. */
function findGivenUp(
  attemptsOf: Record<string, (second: number) => number>,
  seconds = 120,
): string[] {
  const silent = new SilentPeers();
  const givenUp: string[] = [];
  for (let second = 0; second <= seconds; second += 5) {
    const unanswered = Object.entries(attemptsOf)
      .map(([inode, attempts]) => toConnection(inode, attempts(second)))
      .filter(({ attempts }) => attempts > 0);
    for (const { inode } of silent.update(unanswered, second * 1000)) {
      if (!givenUp.some((each) => each.startsWith(inode))) givenUp.push(`${inode} at ${second} s`);
    }
  }
  return givenUp;
}

describe('SilentPeers gives up', () => {
  it('a connection without an acknowledgement for 45 s', () => {
    expect(findGivenUp({ gone: (second) => Math.ceil(Math.log2(second + 2)) })).toEqual([
      'gone at 45 s',
    ]);
  });

  it('a connection that is not accepted for 10 s', () => {
    expect(findGivenUp({ opening: () => 3 })).toEqual(['opening at 10 s']);
  });

  it('a connection 45 s after it fell silent', () => {
    expect(findGivenUp({ gone: (second) => (second < 30 ? 0 : 3) })).toEqual(['gone at 75 s']);
  });

  it('no connection that is acknowledged at times', () => {
    const lossy = (second: number) => (second % 40 === 0 ? 0 : 1);
    const recovers = (second: number) => [1, 2, 3, 4, 1][(second / 5) % 5] ?? 0;
    expect(findGivenUp({ lossy, recovers }, 600)).toEqual([]);
  });
});
