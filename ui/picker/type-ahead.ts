/** A name that is being typed; `at` is when its last letter was, in milliseconds. */
export interface TypeAhead {
  readonly text: string;
  readonly at: number;
}

/** Nothing typed yet. */
export const NOTHING_TYPED: TypeAhead = { text: '', at: -Infinity };

/** How long after a letter the next one still belongs to the same name. */
const PAUSE_MS = 1000;

/** Whether the next letter would belong to what was typed. */
export function isTyping({ text, at }: TypeAhead, now: number): boolean {
  return text !== '' && now - at < PAUSE_MS;
}

/** What is typed with one letter more. */
export function addLetter(
  typed: TypeAhead,
  { letter, now }: { letter: string; now: number },
): TypeAhead {
  const text = isTyping(typed, now) ? typed.text : '';
  return { text: text + letter.toLowerCase(), at: now };
}

/**
 * The index of the name that is meant, or -1: the next that begins with what was typed, the present one included from the
 * second letter on. One letter over and over goes through all names that begin with it.
 */
export function findTyped(
  names: readonly string[],
  { text, active }: { text: string; active: number },
): number {
  const letters = [...text];
  const isOneLetter = letters.every((letter) => letter === letters[0]);
  const start = Math.max(0, isOneLetter ? active + 1 : active);
  const find = (sought: string) => {
    for (let step = 0; step < names.length; step += 1) {
      const index = (start + step) % names.length;
      if (names[index]?.toLowerCase().startsWith(sought) === true) return index;
    }
    return -1;
  };
  return find(isOneLetter ? (letters[0] ?? '') : text);
}
