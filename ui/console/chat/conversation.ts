import { toInterrupted } from '../completion/answer.ts';
import { createId } from '../completion/create-id.ts';
import type { Exchange } from '../completion/exchange.ts';
import { NO_PARAMETERS, type Parameters } from '../completion/parameters.ts';

/** A conversation as this browser keeps it. Times are milliseconds since 1970. */
export interface Conversation {
  readonly id: string;
  /** How often it has been kept, so that two tabs which have it open notice each other; 0 for never. */
  readonly revision: number;
  /** When somebody last asked something in it. */
  readonly askedAt: number;
  /** The ID of the model that is asked next, or null where none was chosen yet. */
  readonly model: string | null;
  readonly parameters: Parameters;
  readonly exchanges: readonly Exchange[];
}

/** What the list of conversations shows of one. */
export interface Summary {
  readonly id: string;
  readonly title: string;
  readonly askedAt: number;
}

/** How long a title is at most, in characters. */
const TITLE_LENGTH = 60;

/** A conversation in which nothing has been said. */
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

/** What the list shows of a conversation: its first line is its title. */
export function toSummary({ id, askedAt, exchanges }: Conversation): Summary {
  return { id, askedAt, title: toTitle(exchanges) };
}

/** The first line of what was first said, cut to a length that a list bears. */
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

/** A conversation as it was kept, its answers that nobody has read to their end marked so. */
export function toRestored(kept: Conversation): Conversation {
  const exchanges = kept.exchanges.map((it) => ({ ...it, answer: toInterrupted(it.answer) }));
  return { ...kept, exchanges };
}

/** The list with the latest first. */
export function sortSummaries(summaries: readonly Summary[]): Summary[] {
  return summaries.toSorted((a, b) => b.askedAt - a.askedAt || (a.id < b.id ? -1 : 1));
}
