import type { FavoriteMove } from '../fleet/with-favorites.ts';
import { isInFavorites, type OptionRow } from './to-sections.ts';

/** How far a pointer moves before a press becomes a drag, in pixels. */
const THRESHOLD = 5;

/** The list as a drag sees it. */
interface DraggedList {
  /** The options in the order before the drag. */
  readonly options: readonly OptionRow[];
  /** Returns the row at a place in the window. */
  readonly rowAt: (x: number, y: number) => OptionRow | undefined;
}

/**
 * A pointer's drag of a favorite to another place. A mouse drags the whole row, a finger only its grip, because it
 * scrolls the list elsewhere.
 */
export class FavoriteDrag {
  #pressed: { row: OptionRow; x: number; y: number; favorites: readonly OptionRow[] } | null = null;
  #move: FavoriteMove | null = null;
  #hasMoved = false;

  /** Where the favorite would go now, or null if nothing is dragged. */
  get move(): FavoriteMove | null {
    return this.#move;
  }

  /** Returns whether a click only ends a drag, so that it chooses nothing. */
  takeClick(): boolean {
    const hasMoved = this.#hasMoved;
    this.#hasMoved = false;
    return hasMoved;
  }

  /** A pointer was pressed on a row. */
  press(event: PointerEvent, { options, rowAt }: DraggedList): void {
    this.end();
    this.#hasMoved = false;
    const row = rowAt(event.clientX, event.clientY);
    const on = event.target as Element;
    const isGrip = on.closest('.grip') !== null;
    const canDrag = isGrip || (event.pointerType === 'mouse' && on.closest('.star') === null);
    if (row === undefined || !isInFavorites(row) || !canDrag || event.button !== 0) return;
    const favorites = options.filter(isInFavorites);
    this.#pressed = { row, x: event.clientX, y: event.clientY, favorites };
  }

  /** The pointer moved. Returns whether `move` has changed. */
  follow(event: PointerEvent, list: DraggedList): boolean {
    if (this.#pressed === null) return false;
    const { row, x, y, favorites } = this.#pressed;
    const distance = Math.hypot(event.clientX - x, event.clientY - y);
    if (this.#move === null && distance < THRESHOLD) return false;
    if (this.#move === null) (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#hasMoved = true;
    const before = this.#move;
    const over = list.rowAt(event.clientX, event.clientY);
    const target = over !== undefined && isInFavorites(over) ? favorites[over.index] : undefined;
    this.#move = { id: row.model.id, target: target?.model.id ?? before?.target ?? row.model.id };
    return this.#move.target !== (before?.target ?? row.model.id);
  }

  /** Ends the drag. Returns the move, or null if the favorite is where it was. */
  end(): FavoriteMove | null {
    const move = this.#move;
    this.#pressed = null;
    this.#move = null;
    return move !== null && move.target !== move.id ? move : null;
  }
}
