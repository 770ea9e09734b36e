import type { Answer } from './answer.ts';

/** A question and its answer. */
export interface Exchange {
  readonly id: string;
  readonly text: string;
  /** The pictures of the question, as `data:` URLs. */
  readonly images: readonly string[];
  readonly answer: Answer;
}
