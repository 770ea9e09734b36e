import { isInProgress, type Answer } from '../completion/answer.ts';
import { toFirstTokenMs, toRate } from '../completion/metrics.ts';

/** The leading answers to one question, by index; null if there is no leader yet. */
export interface Leaders {
  /** The index of the answer with the shortest time to the first token. */
  readonly first: number | null;
  /** The index of the answer with the highest token rate. */
  readonly fastest: number | null;
}

/** Compares the answers to one question, once none is in progress; null stands for a model that was not asked. */
export function pickLeaders(answers: readonly (Answer | null)[]): Leaders {
  if (answers.some((answer) => answer !== null && isInProgress(answer))) {
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

/** Returns the index of the highest value, or null if fewer than two values are known. */
function findHighest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < 2 ? null : values.indexOf(Math.max(...known));
}
