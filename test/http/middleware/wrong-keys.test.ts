import { describe, expect, it } from 'vitest';
import { BURST, createWrongKeys, toNetwork } from '../../../src/http/middleware/wrong-keys.ts';

/** The delays of the answers to so many wrong keys at once, in milliseconds. */
function countMany(
  wrongKeys: ReturnType<typeof createWrongKeys>,
  { times, network = '192.0.2.1', now = 0 }: { times: number; network?: string; now?: number },
): number[] {
  return Array.from({ length: times }, () => wrongKeys.count(network, now));
}

describe('wrong keys', () => {
  it('are answered without delay up to the burst', () => {
    const waits = countMany(createWrongKeys(), { times: BURST });
    expect(new Set(waits)).toEqual(new Set([0]));
  });

  it('are answered with growing delays after the burst, up to 5 s', () => {
    const wrongKeys = createWrongKeys();
    countMany(wrongKeys, { times: BURST });
    const waits = countMany(wrongKeys, { times: 500 });
    expect(waits.slice(0, 7)).toEqual([1000, 2000, 3000, 4000, 5000, 5000, 5000]);
    expect(Math.max(...waits)).toBe(5000);
  });

  it('are answered once a second when each waits for the previous one', () => {
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

  it('delay only their own network', () => {
    const wrongKeys = createWrongKeys();
    countMany(wrongKeys, { times: 500 });
    expect(wrongKeys.count('192.0.2.2', 0)).toBe(0);
  });

  it('of more than 1024 networks are counted together', () => {
    const wrongKeys = createWrongKeys();
    for (let at = 0; at < 1024; at += 1) wrongKeys.count(`10.0.${at >> 8}.${at & 255}`, 0);
    const waits = Array.from({ length: 100 }, (_, at) => wrongKeys.count(`192.0.2.${at}`, 0));
    expect(waits.filter((wait) => wait > 0)).toHaveLength(100 - BURST);
    // Networks without recent wrong keys are dropped.
    expect(new Set(countMany(wrongKeys, { times: BURST, now: 60_000, network: 'new' }))).toEqual(
      new Set([0]),
    );
  });

  it('of unknown networks are counted together', () => {
    const wrongKeys = createWrongKeys();
    for (let turn = 0; turn < BURST; turn += 1) wrongKeys.count(null, 0);
    expect(wrongKeys.count(null, 0)).toBe(1000);
  });

  it('delay at most 2,000 answers at once', () => {
    const wrongKeys = createWrongKeys();
    const waits = countMany(wrongKeys, { times: 3000 });
    expect(waits.filter((wait) => wait > 0)).toHaveLength(2000);
    expect(wrongKeys.count('192.0.2.1', 5001)).toBeGreaterThan(0);
  });
});

describe('toNetwork', () => {
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
  ])('maps %s to %s', (address, network) => {
    expect(toNetwork(address)).toBe(network);
  });
});
