// completion/ is how the console lets models answer: it builds requests, reads what comes back as values, and shows it.
// Chat and arena stand on it; it knows nothing of where conversations are kept.

import type { Fault } from './fault.ts';
import type { RunningModel } from '../../herd/running.ts';

/** A picture that a model made. */
export interface Picture {
  /** A `data:` URL, or an address elsewhere, which is never loaded by itself. */
  readonly url: string;
  /** The prompt as the model understood it, or null. */
  readonly caption: string | null;
}

/**
 * How far an answer is. `cut` is one whose beginning had come when its end failed, `failed` one of which nothing had.
 */
type AnswerState = 'waiting' | 'streaming' | 'done' | 'stopped' | 'cut' | 'failed';

/** Who was asked, as it was called then: a host may be gone when an old answer is read. */
export interface Respondent {
  /** The composite ID. */
  readonly id: string;
  readonly name: string;
  /** The provider's name, and its label for people. */
  readonly provider: string;
  readonly label: string;
}

/** One answer of a model, however much of it there is. Never changed once made; times are milliseconds since 1970. */
export interface Answer {
  readonly respondent: Respondent;
  readonly state: AnswerState;
  readonly content: string;
  readonly reasoning: string;
  readonly pictures: readonly Picture[];
  /** Whether the host itself has said that it loads the model. */
  readonly isLoading: boolean;
  /** What the host runs, as it last said while nothing had come; null where that is not known. */
  readonly running: readonly RunningModel[] | null;
  readonly startedAt: number;
  /** When the first token came, when the last one did, and when anything last happened. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  readonly heardAt: number;
  /** How many pieces of text have come. */
  readonly chunks: number;
  /** The host's own count of tokens, and its own measure of their rate per second. */
  readonly tokens: number | null;
  readonly rate: number | null;
  /** Why the model ended: `stop`, `length`, or null while it has not said. */
  readonly finish: string | null;
  readonly fault: Fault | null;
}

/** An answer of which nothing has come yet. */
export function createAnswer(respondent: Respondent, startedAt: number): Answer {
  return {
    respondent,
    state: 'waiting',
    content: '',
    reasoning: '',
    pictures: [],
    isLoading: false,
    running: null,
    startedAt,
    firstAt: null,
    lastAt: null,
    heardAt: startedAt,
    chunks: 0,
    tokens: null,
    rate: null,
    finish: null,
    fault: null,
  };
}

/** Whether more of it may come. */
export function isUnderWay({ state }: Answer): boolean {
  return state === 'waiting' || state === 'streaming';
}

/** Whether there is anything of it to be read or seen. */
export function hasArrived({ content, reasoning, pictures }: Answer): boolean {
  return content !== '' || reasoning !== '' || pictures.length > 0;
}

/** The answer as it stays when nobody is left to read its end; one that has ended is what it is. */
export function toInterrupted(answer: Answer): Answer {
  if (!isUnderWay(answer)) return answer;
  const words = hasArrived(answer)
    ? 'Cut off: the page was closed before the answer was whole.'
    : 'The page was closed before an answer came.';
  return {
    ...answer,
    state: hasArrived(answer) ? 'cut' : 'failed',
    running: null,
    fault: { words, detail: null },
  };
}
