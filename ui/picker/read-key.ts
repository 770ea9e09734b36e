/** What a key asks of the open list. */
export type KeyAction =
  | { readonly kind: 'move'; readonly to: number }
  | { readonly kind: 'choose' }
  | { readonly kind: 'star' }
  /** Back to the button, nothing chosen. */
  | { readonly kind: 'close' }
  /** A letter of a name that is being typed. */
  | { readonly kind: 'type'; readonly letter: string };

/** A key that was pressed, as a `KeyboardEvent` tells it. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
}

/** Where the keyboard is in the list. */
interface Position {
  /** The index of the option it is on; -1 for none. */
  readonly active: number;
  readonly count: number;
  /** How many options a page has. */
  readonly page: number;
  /** Whether the last letter of a name was typed so recently that the next belongs to it. */
  readonly isTyping: boolean;
}

/**
 * Decides what a key does. `f` is the star as long as no name is being typed: within one it is a letter, as the space is. A
 * name that begins with it is found by a capital `F`, which is never the star.
 */
export function readKey(press: KeyPress, position: Position): KeyAction | null {
  const { key } = press;
  if (press.isComposing || press.ctrlKey || press.metaKey || press.altKey) return null;
  const to = toTarget(key, position);
  if (to !== null) return { kind: 'move', to: Math.max(0, Math.min(to, position.count - 1)) };
  if (key === 'Escape' || key === 'Tab') return { kind: 'close' };
  if (key === 'Enter' || (key === ' ' && !position.isTyping)) return { kind: 'choose' };
  if (key === 'f' && !position.isTyping) return { kind: 'star' };
  return [...key].length === 1 ? { kind: 'type', letter: key } : null;
}

function toTarget(key: string, { active, count, page }: Position): number | null {
  switch (key) {
    case 'ArrowDown':
      return active + 1;
    case 'ArrowUp':
      return active - 1;
    case 'PageDown':
      return active + page;
    case 'PageUp':
      return active - page;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
