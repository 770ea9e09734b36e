import { describe, expect, it } from 'vitest';
import { pickLeaders } from '../../../../ui/console/arena/pick-leaders.ts';
import { findSharedHosts } from '../../../../ui/console/arena/find-shared-hosts.ts';
import { answerOf, START, targetOf } from '../samples.ts';

const done = (firstMs: number, rate: number) =>
  answerOf({ state: 'done', content: 'a', firstAt: START + firstMs, rate });
const failed = answerOf({ state: 'failed' });

describe('pickLeaders', () => {
  it.each([
    ['picks the first and the fastest', [done(400, 20), done(200, 10)], { first: 1, fastest: 0 }],
    [
      'can pick one answer for both',
      [done(400, 20), failed, done(200, 30)],
      { first: 2, fastest: 2 },
    ],
    [
      'picks none while one answer is in progress',
      [done(400, 20), done(200, 10), answerOf()],
      { first: null, fastest: null },
    ],
    [
      'picks none of a single answer',
      [done(400, 20), failed, null],
      { first: null, fastest: null },
    ],
    ['picks none before the first answer', [null, null], { first: null, fastest: null }],
  ])('%s', (_what, answers, leaders) => {
    expect(pickLeaders(answers)).toEqual(leaders);
  });
});

describe('findSharedHosts', () => {
  const other = { id: 'sam-desktop/other', model: 'other' };
  it.each([
    ['finds a host with two of the models', [targetOf(), targetOf(other)], ["Sam's desktop"]],
    ['ignores a model that is selected twice', [targetOf(), targetOf()], []],
    [
      'ignores a host that does not report loaded models',
      [targetOf(), targetOf({ ...other, reportsRunning: false })],
      [],
    ],
  ])('%s', (_what, targets, labels) => {
    expect(findSharedHosts(targets)).toEqual(labels);
  });
});
