// completion/ requests answers from models: it builds requests, folds the responses into values, and renders them.
// Chat and arena build on it. It does not know where conversations are stored.

import type { Fault } from './fault.ts';
import type { RunningModel } from '../../fleet/running.ts';

/** A picture made by a model. */
export interface Picture {
  /** A `data:` URL, or the address of a picture elsewhere, which the page never loads itself. */
  readonly url: string;
  /** The revised prompt that the model used, or null. */
  readonly caption: string | null;
}

/**
 * The state of an answer. `cut` means that it failed after some content had arrived, `failed` that it failed before.
 */
type AnswerState = 'waiting' | 'streaming' | 'done' | 'stopped' | 'cut' | 'failed';

/** The model that was asked, with the names it had then: an old answer may outlive its provider. */
export interface Respondent {
  /** The composite ID. */
  readonly id: string;
  readonly name: string;
  /** The provider's name, and its label for display. */
  readonly provider: string;
  readonly label: string;
}

/** One answer of a model, complete or in progress. Immutable; times are in milliseconds since 1970. */
export interface Answer {
  readonly respondent: Respondent;
  readonly state: AnswerState;
  readonly content: string;
  readonly reasoning: string;
  readonly pictures: readonly Picture[];
  /** Whether the provider itself has reported that it loads the model. */
  readonly isLoading: boolean;
  /** The models that the provider last reported as running before the first token; null if unknown. */
  readonly running: readonly RunningModel[] | null;
  readonly startedAt: number;
  /** The times of the first token, of the last token, and of the last event of any kind. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  readonly heardAt: number;
  /** How many chunks of text have arrived. */
  readonly chunks: number;
  /** The provider's own token count, and its own rate in tokens per second. */
  readonly tokens: number | null;
  readonly rate: number | null;
  /** The finish reason of the model, such as `stop` or `length`; null until it arrives. */
  readonly finish: string | null;
  readonly fault: Fault | null;
}

/** Creates an answer without content. */
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

/** Whether more content may arrive. */
export function isInProgress({ state }: Answer): boolean {
  return state === 'waiting' || state === 'streaming';
}

/** Whether the answer has any content to show. */
export function hasContent({ content, reasoning, pictures }: Answer): boolean {
  return content !== '' || reasoning !== '' || pictures.length > 0;
}

/**
 * Marks an answer that was in progress when its page was closed as `cut` or `failed`. Returns a finished answer
 * unchanged.
 */
export function toInterrupted(answer: Answer): Answer {
  if (!isInProgress(answer)) return answer;
  const words = hasContent(answer)
    ? 'Incomplete: the page was closed before the answer ended.'
    : 'The page was closed before an answer arrived.';
  return {
    ...answer,
    state: hasContent(answer) ? 'cut' : 'failed',
    running: null,
    fault: { words, detail: null },
  };
}
