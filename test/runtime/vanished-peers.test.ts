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

/** At which second of those that are looked at each connection is given up. */
function watch(attemptsOf: Record<string, (second: number) => number>, seconds = 120): string[] {
  const silent = new SilentPeers();
  const given: string[] = [];
  for (let second = 0; second <= seconds; second += 5) {
    const unanswered = Object.entries(attemptsOf)
      .map(([inode, attempts]) => toConnection(inode, attempts(second)))
      .filter(({ attempts }) => attempts > 0);
    for (const { inode } of silent.update(unanswered, second * 1000)) {
      if (!given.some((each) => each.startsWith(inode))) given.push(`${inode} at ${second} s`);
    }
  }
  return given;
}

describe('SilentPeers gives up', () => {
  it('a connection on which nothing is answered for 45 s', () => {
    expect(watch({ gone: (second) => Math.ceil(Math.log2(second + 2)) })).toEqual(['gone at 45 s']);
  });

  it('one that nobody takes after 10 s', () => {
    expect(watch({ opening: () => 3 })).toEqual(['opening at 10 s']);
  });

  it('one from when it fell silent', () => {
    expect(watch({ gone: (second) => (second < 30 ? 0 : 3) })).toEqual(['gone at 75 s']);
  });

  it('none that answers now and then, however much is lost on its way', () => {
    const lossy = (second: number) => (second % 40 === 0 ? 0 : 1);
    const recovers = (second: number) => [1, 2, 3, 4, 1][(second / 5) % 5] ?? 0;
    expect(watch({ lossy, recovers }, 600)).toEqual([]);
  });
});
