import type { Row, Section, Sections } from './to-sections.ts';

/** A part of the list, in pixels from its upper edge. */
export interface View {
  readonly top: number;
  readonly height: number;
}

/** How high everything is, in CSS pixels: measured once it is seen, and guessed until then. */
export interface Heights {
  readonly header: number;
  readonly option: number;
  /** Of each notice by its key: its text may take several lines. */
  readonly notices: ReadonlyMap<string, number>;
}

/** A row and where its upper edge is, in pixels from that of its section. */
interface PlacedRow {
  readonly row: Row;
  readonly top: number;
  readonly height: number;
}

/** A section, where it is in the whole, and its rows. */
export interface PlacedSection {
  readonly section: Section;
  readonly top: number;
  readonly height: number;
  readonly rows: readonly PlacedRow[];
}

/** All rows of a list, each at its place. */
export interface Layout {
  readonly sections: readonly PlacedSection[];
  readonly height: number;
  /** Where each row is, by its key, in pixels from the upper edge of the list. */
  readonly places: ReadonlyMap<string, View>;
}

/** Puts every row at its place, without rendering any. */
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

/** Whether any of something is in view. */
export function isInView({ top, height }: View, view: View): boolean {
  return top + height > view.top && top < view.top + view.height;
}

/**
 * The sections and rows that a view shows, with those up to `margin` pixels outside it; and the row with the key `always`,
 * wherever it is, for assistive technology reads it there.
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

/** How far the list must be scrolled for a row to be seen whole, under the header that sticks above it: as little as may be. */
export function toScrollTop(place: View, { view, header }: { view: View; header: number }): number {
  if (place.top - header < view.top) return Math.max(0, place.top - header);
  return Math.max(view.top, place.top + place.height - view.height);
}

/**
 * How far the list must be scrolled, now that it has changed, for what was seen to stay where it was: the row with the key
 * `held` where that was in view, else the first row that was, and is still there.
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
