import { isUnderWay, type Answer } from '../completion/answer.ts';
import { toFirstTokenMs, toRate } from '../completion/metrics.ts';

/** Which of several answers to one question leads, by its place among them; null where that is not settled. */
export interface Leaders {
  /** The one whose first token was waited for the shortest time. */
  readonly first: number | null;
  /** The one whose tokens came fastest. */
  readonly fastest: number | null;
}

/** Compares answers to one question, once none is under way; null stands for a model that was not asked. */
export function pickLeaders(answers: readonly (Answer | null)[]): Leaders {
  if (answers.some((answer) => answer !== null && isUnderWay(answer))) {
    return { first: null, fastest: null };
  }
  const firsts = answers.map((answer) => (answer === null ? null : toFirstTokenMs(answer)));
  const rates = answers.map((answer) => (answer === null ? null : toRate(answer)));
  return {
    first: findHighest(
      firsts.map((milliseconds) => (milliseconds === null ? null : -milliseconds)),
    ),
    fastest: findHighest(rates.map((rate) => rate?.tokensPerSecond ?? null)),
  };
}

/** The place of the highest value among at least two. */
function findHighest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < 2 ? null : values.indexOf(Math.max(...known));
}
