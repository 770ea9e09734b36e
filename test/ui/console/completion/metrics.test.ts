import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../../ui/console/completion/answer.ts';
import { toMetricsLabel, toTimeLabel } from '../../../../ui/console/completion/metrics.ts';
import { answerOf, START } from '../samples.ts';

/** Eleven pieces in one second, the first after 0.4 s. */
const ELEVEN: Partial<Answer> = {
  state: 'done',
  content: 'a',
  chunks: 11,
  firstAt: START + 400,
  lastAt: START + 1400,
};

describe('the measures of an answer', () => {
  it.each([
    [
      'the host’s own',
      { ...ELEVEN, tokens: 312, rate: 41.2 },
      '41 tokens/s · first token after 0.4 s · 312 tokens',
    ],
    [
      'its count over the time that was seen',
      { ...ELEVEN, tokens: 33 },
      '30 tokens/s · first token after 0.4 s · 33 tokens',
    ],
    ['pieces, for want of a count', ELEVEN, '~10 tokens/s · first token after 0.4 s'],
    [
      'pieces while it comes',
      { ...ELEVEN, state: 'streaming' },
      '~10 tokens/s · first token after 0.4 s',
    ],
    [
      'slow ones with a decimal',
      { ...ELEVEN, rate: 3.21 },
      '3.2 tokens/s · first token after 0.4 s',
    ],
    ['nothing while it waits', {}, ''],
    [
      'the wait alone where there was one piece',
      { ...ELEVEN, chunks: 1, lastAt: START + 400 },
      'first token after 0.4 s',
    ],
    [
      'the time that a picture took',
      { state: 'done', firstAt: START + 12_300, lastAt: START + 12_300 },
      'done after 12 s',
    ],
  ] as const)('are %s', (_what, rest, label) => {
    expect(toMetricsLabel(answerOf(rest))).toBe(label);
  });
});

describe('a time', () => {
  it.each([
    [0, '0 ms'],
    [99.4, '99 ms'],
    [430, '0.4 s'],
    [9949, '9.9 s'],
    [9951, '10 s'],
    [61_400, '61 s'],
  ])('of %i ms is %s', (ms, label) => {
    expect(toTimeLabel(ms)).toBe(label);
  });
});
