import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../../ui/console/completion/answer.ts';
import { toMetricsLabel, toTimeLabel } from '../../../../ui/console/completion/metrics.ts';
import { answerOf, START } from '../samples.ts';

/** Eleven chunks in one second, the first after 0.4 s. */
const ELEVEN: Partial<Answer> = {
  state: 'done',
  content: 'a',
  chunks: 11,
  firstAt: START + 400,
  lastAt: START + 1400,
};

describe('toMetricsLabel shows', () => {
  it.each([
    [
      'the host’s own',
      { ...ELEVEN, tokens: 312, rate: 41.2 },
      '41 tokens/s · first token after 0.4 s · 312 tokens',
    ],
    [
      'the host’s token count over the measured time',
      { ...ELEVEN, tokens: 33 },
      '30 tokens/s · first token after 0.4 s · 33 tokens',
    ],
    ['a rate of chunks without a token count', ELEVEN, '~10 tokens/s · first token after 0.4 s'],
    [
      'a rate of chunks during the answer',
      { ...ELEVEN, state: 'streaming' },
      '~10 tokens/s · first token after 0.4 s',
    ],
    [
      'a slow rate with a decimal',
      { ...ELEVEN, rate: 3.21 },
      '3.2 tokens/s · first token after 0.4 s',
    ],
    ['nothing before the first chunk', {}, ''],
    [
      'only the wait for a single chunk',
      { ...ELEVEN, chunks: 1, lastAt: START + 400 },
      'first token after 0.4 s',
    ],
    [
      'the duration of a picture',
      { state: 'done', firstAt: START + 12_300, lastAt: START + 12_300 },
      'done after 12 s',
    ],
  ] as const)('%s', (_what, rest, label) => {
    expect(toMetricsLabel(answerOf(rest))).toBe(label);
  });
});

describe('toTimeLabel', () => {
  it.each([
    [0, '0 ms'],
    [99.4, '99 ms'],
    [430, '0.4 s'],
    [9949, '9.9 s'],
    [9951, '10 s'],
    [61_400, '61 s'],
  ])('formats %i ms as %s', (ms, label) => {
    expect(toTimeLabel(ms)).toBe(label);
  });
});
