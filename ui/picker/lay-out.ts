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
  readonly positions: ReadonlyMap<string, View>;
}

/** Computes the position of every row without rendering any. */
export function layOut({ list }: Sections, heights: Heights): Layout {
  const positions = new Map<string, View>();
  let height = 0;
  const sections = list.map((section): PlacedSection => {
    const top = height;
    let inner = section.header === null ? 0 : heights.header;
    const rows = section.rows.map((row): PlacedRow => {
      const rowHeight =
        row.kind === 'option' ? heights.option : (heights.notices.get(row.key) ?? heights.header);
      const placed = { row, top: inner, height: rowHeight };
      positions.set(row.key, { top: top + inner, height: rowHeight });
      inner += rowHeight;
      return placed;
    });
    height += inner;
    return { section, top, height: inner, rows };
  });
  return { sections, height, positions };
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
  const extended = { top: view.top - margin, height: view.height + 2 * margin };
  return layout.sections.flatMap((placed) => {
    const rows = placed.rows.filter(
      ({ row, top, height }) =>
        row.key === always || isInView({ top: placed.top + top, height }, extended),
    );
    return isInView(placed, extended) || rows.length > 0 ? [{ ...placed, rows }] : [];
  });
}

/** Returns the scroll position that shows a whole row below the sticky header with the least scrolling. */
export function toScrollTop(row: View, { view, header }: { view: View; header: number }): number {
  if (row.top - header < view.top) return Math.max(0, row.top - header);
  return Math.max(view.top, row.top + row.height - view.height);
}

/**
 * Returns the scroll position that keeps the visible rows in place after the list has changed: it holds the row with
 * the key `anchor` if that was in view, else the first row that was in view and still exists.
 */
export function keepScrollPosition(
  { before, after }: { before: Layout; after: Layout },
  { view, anchor }: { view: View; anchor: string | null },
): number {
  const keys = anchor === null ? before.positions.keys() : [anchor, ...before.positions.keys()];
  for (const key of keys) {
    const then = before.positions.get(key);
    const now = after.positions.get(key);
    if (then !== undefined && now !== undefined && isInView(then, view)) {
      return Math.max(0, view.top + now.top - then.top);
    }
  }
  return view.top;
}
