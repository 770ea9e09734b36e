/** The letters typed so far; `at` is the time of the last one, in milliseconds. */
export interface TypeAhead {
  readonly text: string;
  readonly at: number;
}

/** The state before the first letter. */
export const NOTHING_TYPED: TypeAhead = { text: '', at: -Infinity };

/** How long after a letter the next one continues the same name, in milliseconds. */
const PAUSE_MS = 1000;

/** Whether the next letter continues the text. */
export function isTyping({ text, at }: TypeAhead, now: number): boolean {
  return text !== '' && now - at < PAUSE_MS;
}

/** Adds a letter to the text. */
export function addLetter(
  typed: TypeAhead,
  { letter, now }: { letter: string; now: number },
): TypeAhead {
  const text = isTyping(typed, now) ? typed.text : '';
  return { text: text + letter.toLowerCase(), at: now };
}

/**
 * Returns the index of the next name that begins with the text, or -1. From the second letter on, the search includes
 * the active name. One repeated letter cycles through all names that begin with it.
 */
export function findTyped(
  names: readonly string[],
  { text, active }: { text: string; active: number },
): number {
  const letters = [...text];
  const isOneLetter = letters.every((letter) => letter === letters[0]);
  const start = Math.max(0, isOneLetter ? active + 1 : active);
  const find = (prefix: string) => {
    for (let step = 0; step < names.length; step += 1) {
      const index = (start + step) % names.length;
      if (names[index]?.toLowerCase().startsWith(prefix) === true) return index;
    }
    return -1;
  };
  return find(isOneLetter ? (letters[0] ?? '') : text);
}
