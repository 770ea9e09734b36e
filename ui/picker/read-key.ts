/** The action of a key in the open list. */
export type KeyAction =
  | { readonly kind: 'activate'; readonly to: number }
  | { readonly kind: 'choose' }
  | { readonly kind: 'star' }
  /** Moves the active favorite up (-1) or down (1). */
  | { readonly kind: 'reorder'; readonly step: -1 | 1 }
  /** Closes the list without a choice. */
  | { readonly kind: 'close' };

/** The fields of a `KeyboardEvent` that decide the action. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
}

/** The keyboard's position in the list. */
interface Position {
  /** The index of the active option; -1 for none. */
  readonly active: number;
  readonly count: number;
  /** How many options a page has. */
  readonly page: number;
  /** Whether a text filters the list: then the space is a part of it. */
  readonly hasText: boolean;
}

/** Decides the action of a key. All other keys edit the text that filters the list: no letter alone changes anything. */
export function readKey(press: KeyPress, position: Position): KeyAction | null {
  const { key } = press;
  if (press.isComposing || press.ctrlKey || press.metaKey) return null;
  if (key === 'Tab') return { kind: 'close' };
  if (press.shiftKey) return null;
  if (press.altKey) return readAltKey(press);
  const to = toTarget(key, position);
  if (to !== null) return { kind: 'activate', to: Math.max(0, Math.min(to, position.count - 1)) };
  if (key === 'Escape') return { kind: 'close' };
  if (key === 'Enter' || (key === ' ' && !position.hasText)) return { kind: 'choose' };
  return null;
}

function readAltKey({ key, code }: KeyPress): KeyAction | null {
  if (key === 'ArrowUp') return { kind: 'reorder', step: -1 };
  if (key === 'ArrowDown') return { kind: 'reorder', step: 1 };
  // With Alt, macOS types another character ("ƒ"), and so do keyboards without Latin letters.
  const isF = /^[a-z]$/iu.test(key) ? key.toLowerCase() === 'f' : code === 'KeyF';
  return isF ? { kind: 'star' } : null;
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
