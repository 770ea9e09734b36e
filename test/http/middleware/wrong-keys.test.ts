import { describe, expect, it } from 'vitest';
import { toNetwork } from '../../../src/http/middleware/to-network.ts';
import { BURST, createWrongKeys } from '../../../src/http/middleware/wrong-keys.ts';

/** How long the answers to so many wrong keys that come at once are held back, in milliseconds. */
function countMany(
  wrongKeys: ReturnType<typeof createWrongKeys>,
  { times, network = '192.0.2.1', now = 0 }: { times: number; network?: string; now?: number },
): number[] {
  return Array.from({ length: times }, () => wrongKeys.count(network, now));
}

describe('wrong keys', () => {
  it('are answered at once, up to a burst', () => {
    const waits = countMany(createWrongKeys(), { times: BURST });
    expect(new Set(waits)).toEqual(new Set([0]));
  });

  it('are answered later and later after it, up to five seconds', () => {
    const wrongKeys = createWrongKeys();
    countMany(wrongKeys, { times: BURST });
    const waits = countMany(wrongKeys, { times: 500 });
    expect(waits.slice(0, 7)).toEqual([1000, 2000, 3000, 4000, 5000, 5000, 5000]);
    expect(Math.max(...waits)).toBe(5000);
  });

  it('are answered one a second, where each waits for the one before', () => {
    const wrongKeys = createWrongKeys();
    countMany(wrongKeys, { times: BURST });
    let now = 0;
    for (let turn = 0; turn < 480; turn += 1) now += wrongKeys.count('192.0.2.1', now);
    expect(now).toBe(480_000);
  });

  it('are forgiven with time', () => {
    const wrongKeys = createWrongKeys();
    countMany(wrongKeys, { times: BURST + 500 });
    expect(wrongKeys.count('192.0.2.1', 3000)).toBe(3000);
    expect(new Set(countMany(wrongKeys, { times: BURST, now: 60_000 }))).toEqual(new Set([0]));
    expect(wrongKeys.count('192.0.2.1', 60_000)).toBe(1000);
  });

  it('slow their own network alone', () => {
    const wrongKeys = createWrongKeys();
    countMany(wrongKeys, { times: 500 });
    expect(wrongKeys.count('192.0.2.2', 0)).toBe(0);
  });

  it('of more networks than are told apart are counted together', () => {
    const wrongKeys = createWrongKeys();
    for (let at = 0; at < 1024; at += 1) wrongKeys.count(`10.0.${at >> 8}.${at & 255}`, 0);
    const waits = Array.from({ length: 100 }, (_, at) => wrongKeys.count(`192.0.2.${at}`, 0));
    expect(waits.filter((wait) => wait > 0)).toHaveLength(100 - BURST);
    // Those that have sent none for long give way.
    expect(new Set(countMany(wrongKeys, { times: BURST, now: 60_000, network: 'new' }))).toEqual(
      new Set([0]),
    );
  });

  it('of no known network are counted together', () => {
    const wrongKeys = createWrongKeys();
    for (let turn = 0; turn < BURST; turn += 1) wrongKeys.count(null, 0);
    expect(wrongKeys.count(null, 0)).toBe(1000);
  });

  it('hold back no more than 2,000 answers at a time', () => {
    const wrongKeys = createWrongKeys();
    const waits = countMany(wrongKeys, { times: 3000 });
    expect(waits.filter((wait) => wait > 0)).toHaveLength(2000);
    expect(wrongKeys.count('192.0.2.1', 5001)).toBeGreaterThan(0);
  });
});

describe('a network', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['fe80::1:2:3:4%eth0', 'fe80:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(toNetwork(address)).toBe(network);
  });
});
