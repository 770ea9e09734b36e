import type { Row, Section, Sections } from './to-sections.ts';

/** A vertical range of the list, in pixels from its upper edge. */
export interface View {
  readonly top: number;
  readonly height: number;
}

/** The heights of all parts, in CSS pixels: estimates until the parts have been rendered and measured. */
export interface Heights {
  readonly header: number;
  readonly option: number;
  /** The height of each notice by its key: a notice may wrap to several lines. */
  readonly notices: ReadonlyMap<string, number>;
}

/** A row and the position of its upper edge, in pixels from the upper edge of its section. */
interface PlacedRow {
  readonly row: Row;
  readonly top: number;
  readonly height: number;
}

/** A section, its position in the list, and its rows. */
export interface PlacedSection {
  readonly section: Section;
  readonly top: number;
  readonly height: number;
  readonly rows: readonly PlacedRow[];
}

/** All rows of a list with their positions. */
export interface Layout {
  readonly sections: readonly PlacedSection[];
  readonly height: number;
  /** The position of each row by its key, in pixels from the upper edge of the list. */
  readonly places: ReadonlyMap<string, View>;
}

/** Computes the position of every row without rendering any. */
export function layOut({ list }: Sections, heights: Heights): Layout {
  const places = new Map<string, View>();
  let height = 0;
  const sections = list.map((section): PlacedSection => {
    const top = height;
    let inner = section.header === null ? 0 : heights.header;
    const rows = section.rows.map((row): PlacedRow => {
      const mine =
        row.kind === 'option' ? heights.option : (heights.notices.get(row.key) ?? heights.header);
      const placed = { row, top: inner, height: mine };
      places.set(row.key, { top: top + inner, height: mine });
      inner += mine;
      return placed;
    });
    height += inner;
    return { section, top, height: inner, rows };
  });
  return { sections, height, places };
}

/** Whether a range overlaps the view. */
export function isInView({ top, height }: View, view: View): boolean {
  return top + height > view.top && top < view.top + view.height;
}

/**
 * Returns the sections and rows within the view, extended by `margin` pixels on both sides. Always includes the row
 * with the key `always`, because assistive technology reads the active row from the DOM.
 */
export function pickInView(
  layout: Layout,
  { view, margin, always }: { view: View; margin: number; always: string | null },
): readonly PlacedSection[] {
  const wide = { top: view.top - margin, height: view.height + 2 * margin };
  return layout.sections.flatMap((placed) => {
    const rows = placed.rows.filter(
      ({ row, top, height }) =>
        row.key === always || isInView({ top: placed.top + top, height }, wide),
    );
    return isInView(placed, wide) || rows.length > 0 ? [{ ...placed, rows }] : [];
  });
}

/** Returns the scroll position that shows a whole row below the sticky header with the least scrolling. */
export function toScrollTop(place: View, { view, header }: { view: View; header: number }): number {
  if (place.top - header < view.top) return Math.max(0, place.top - header);
  return Math.max(view.top, place.top + place.height - view.height);
}

/**
 * Returns the scroll position that keeps the visible rows in place after the list has changed: it holds the row with
 * the key `held` if that was in view, else the first row that was in view and still exists.
 */
export function keepPlace(
  { before, after }: { before: Layout; after: Layout },
  { view, held }: { view: View; held: string | null },
): number {
  const keys = held === null ? before.places.keys() : [held, ...before.places.keys()];
  for (const key of keys) {
    const then = before.places.get(key);
    const now = after.places.get(key);
    if (then !== undefined && now !== undefined && isInView(then, view)) {
      return Math.max(0, view.top + now.top - then.top);
    }
  }
  return view.top;
}
