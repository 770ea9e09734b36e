import { describe, expect, it } from 'vitest';
import { pickLeaders } from '../../../../ui/console/arena/pick-leaders.ts';
import { findSharedHosts } from '../../../../ui/console/arena/find-shared-hosts.ts';
import { answerOf, START, targetOf } from '../samples.ts';

const done = (firstMs: number, rate: number) =>
  answerOf({ state: 'done', content: 'a', firstAt: START + firstMs, rate });
const failed = answerOf({ state: 'failed' });

describe('among answers to one question', () => {
  it.each([
    ['the soonest and the fastest lead', [done(400, 20), done(200, 10)], { first: 1, fastest: 0 }],
    ['one may be both', [done(400, 20), failed, done(200, 30)], { first: 2, fastest: 2 }],
    [
      'nobody leads while one is under way',
      [done(400, 20), done(200, 10), answerOf()],
      { first: null, fastest: null },
    ],
    ['nobody leads alone', [done(400, 20), failed, null], { first: null, fastest: null }],
    ['nobody leads before any is asked', [null, null], { first: null, fastest: null }],
  ])('%s', (_what, answers, leaders) => {
    expect(pickLeaders(answers)).toEqual(leaders);
  });
});

describe('hosts that may load their models in turns', () => {
  const other = { id: 'sam-desktop/other', model: 'other' };
  it.each([
    ['have two of the models', [targetOf(), targetOf(other)], ["Sam's desktop"]],
    ['do not have the same one twice', [targetOf(), targetOf()], []],
    ['are llama-swap’s', [targetOf(), targetOf({ ...other, reportsRunning: false })], []],
  ])('%s', (_what, targets, labels) => {
    expect(findSharedHosts(targets)).toEqual(labels);
  });
});
