import { toInterrupted } from '../completion/answer.ts';
import { createId } from '../completion/create-id.ts';
import type { Exchange } from '../completion/exchange.ts';
import { NO_PARAMETERS, type Parameters } from '../completion/parameters.ts';

/** A conversation as stored in this browser. Times are in milliseconds since 1970. */
export interface Conversation {
  readonly id: string;
  /**
   * How often it has been stored, so that two tabs with the same conversation can detect each other's writes; 0 for
   * never.
   */
  readonly revision: number;
  /** The time of the user's last question. */
  readonly askedAt: number;
  /** The ID of the model that the next message goes to, or null if none has been chosen. */
  readonly model: string | null;
  readonly parameters: Parameters;
  readonly exchanges: readonly Exchange[];
}

/** A conversation's entry in the list. */
export interface Summary {
  readonly id: string;
  readonly title: string;
  readonly askedAt: number;
}

/** The maximum length of a title, in characters. */
const TITLE_LENGTH = 60;

/** Creates an empty conversation. */
export function createConversation(): Conversation {
  return {
    id: createId(),
    revision: 0,
    askedAt: 0,
    model: null,
    parameters: NO_PARAMETERS,
    exchanges: [],
  };
}

/** Returns a conversation's entry in the list. */
export function toSummary({ id, askedAt, exchanges }: Conversation): Summary {
  return { id, askedAt, title: toTitle(exchanges) };
}

/** Returns the first line of the first question, shortened to TITLE_LENGTH. */
export function toTitle([first]: readonly Exchange[]): string {
  if (first === undefined) return 'New chat';
  const line =
    first.text
      .split('\n')
      .find((it) => it.trim() !== '')
      ?.trim() ?? '';
  if (line === '') return 'Picture';
  const letters = [...line];
  if (letters.length <= TITLE_LENGTH) return line;
  return `${letters
    .slice(0, TITLE_LENGTH - 1)
    .join('')
    .trimEnd()}…`;
}

/** Returns a stored conversation with the answers that were in progress marked as interrupted. */
export function toRestored(stored: Conversation): Conversation {
  const exchanges = stored.exchanges.map((it) => ({ ...it, answer: toInterrupted(it.answer) }));
  return { ...stored, exchanges };
}

/** Sorts the list, the latest first. */
export function sortSummaries(summaries: readonly Summary[]): Summary[] {
  return summaries.toSorted((a, b) => b.askedAt - a.askedAt || (a.id < b.id ? -1 : 1));
}
