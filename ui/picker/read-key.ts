/** The action of a key in the open list. */
export type KeyAction =
  | { readonly kind: 'move'; readonly to: number }
  | { readonly kind: 'choose' }
  | { readonly kind: 'star' }
  /** Closes the list without a choice. */
  | { readonly kind: 'close' }
  /** A letter of a name that is being typed. */
  | { readonly kind: 'type'; readonly letter: string };

/** The fields of a `KeyboardEvent` that decide the action. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
}

/** The keyboard's position in the list. */
interface Position {
  /** The index of the active option; -1 for none. */
  readonly active: number;
  readonly count: number;
  /** How many options a page has. */
  readonly page: number;
  /** Whether the last letter was typed so recently that the next one continues the same name. */
  readonly isTyping: boolean;
}

/**
 * Decides the action of a key. `f` toggles the favorite unless a name is being typed: then it is a letter, and so is
 * the space. A capital `F` is always a letter, so it can start a name that begins with it.
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
