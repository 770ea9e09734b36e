import { describe, expect, it } from 'vitest';
import { isBadLine } from './paddock-process.ts';
import { findFaults, type Findings } from './verdict.ts';
import { toWorst, type Sample } from './watch.ts';

const MIB = 1024 ** 2;
const SAMPLE: Sample = {
  residentBytes: 100 * MIB,
  peakBytes: 200 * MIB,
  files: 30,
  sockets: 10,
  delayMs: null,
  healthMs: 5,
};
const COUNTS = { right: 5, explained: 2, lost: 0, wrong: 0 };
const SOUND: Findings = {
  kinds: new Map([['chat', COUNTS]]),
  wanted: ['chat'],
  before: SAMPLE,
  after: { ...SAMPLE, residentBytes: 120 * MIB, files: 32 },
  open: 0,
  badLines: [],
  hasEnded: false,
  favorites: { list: ['a/1'], pending: null, found: ['a/1'] },
};

describe('the verdict', () => {
  it('is sound where nothing failed', () => {
    expect(findFaults(SOUND)).toEqual([]);
  });

  it.each<[string, Partial<Findings>, RegExp]>([
    [
      'an answer was lost',
      { kinds: new Map([['chat', { ...COUNTS, lost: 1 }]]) },
      /^chat: 1 lost/u,
    ],
    ['one was wrong', { kinds: new Map([['chat', { ...COUNTS, wrong: 1 }]]) }, /^chat: 1 wrong/u],
    ['a kind was never answered', { wanted: ['chat', 'form'] }, /^form: not one/u],
    ['memory stays', { after: { ...SAMPLE, residentBytes: 200 * MIB } }, /^memory/u],
    ['files stay open', { after: { ...SAMPLE, files: 60 } }, /^open files: 60 of 30/u],
    ['sockets stay open', { after: { ...SAMPLE, sockets: 60 } }, /^sockets: 60 of 10/u],
    ['hosts still work for nobody', { open: 1 }, /^1 requests/u],
    ['Paddock printed what it must not', { badLines: ['unhandled'] }, /^it printed: unhandled/u],
    ['Paddock ended', { hasEnded: true }, /^Paddock ended/u],
    ['a favorite is gone', { favorites: { ...SOUND.favorites, found: [] } }, /^favorites/u],
    ['none are known', { favorites: { ...SOUND.favorites, found: null } }, /^favorites/u],
  ])('says so where %s', (_name, parts, said) => {
    expect(findFaults({ ...SOUND, ...parts })).toEqual([expect.stringMatching(said)]);
  });

  it('lets a line pass that holds no secret and no surprise', () => {
    expect(isBadLine('POST /v1/chat/completions: shaky-1 refused the connection')).toBe(false);
    expect(isBadLine('UnhandledPromiseRejection: boom')).toBe(true);
    expect(isBadLine('body {"nonce":"nonce-1-2-3"}')).toBe(true);
    expect(isBadLine('authorization: Bearer sk-soak-steady-1')).toBe(true);
  });

  it('knows the worst seconds, where there is something to know', () => {
    const late = { ...SAMPLE, delayMs: 40, healthMs: 90 };
    expect(toWorst([SAMPLE, late])).toEqual({ delayMs: 40, healthMs: 90, peakBytes: 200 * MIB });
    expect(toWorst([])).toEqual({ delayMs: null, healthMs: 0, peakBytes: null });
  });
});
