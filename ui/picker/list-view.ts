import type { ReactiveControllerHost } from 'lit';
import {
  isInView,
  keepScrollPosition,
  layOut,
  pickInView,
  toScrollTop,
  type Heights,
  type PlacedSection,
} from './lay-out.ts';
import type { OptionRow, Sections } from './to-sections.ts';

/** How far outside the view rows are rendered, in pixels: more than the mouse wheel scrolls between two frames. */
const MARGIN = 400;

/** The estimated heights until the first measurement. */
const ESTIMATED: Heights = { header: 30, option: 36, notices: new Map() };

/**
 * The visible part of a virtual list. It measures and scrolls the list element, and requests updates from the element
 * that renders it.
 */
export class ListView {
  readonly #host: ReactiveControllerHost;
  #sections: Sections = { list: [], options: [] };
  #heights = ESTIMATED;
  #layout = layOut(this.#sections, ESTIMATED);
  #view = { top: 0, height: 400 };
  #isMeasured = false;
  /** The option that has keyboard focus: changes around it do not move it out of view. */
  #active: OptionRow | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  /** The height of the whole list, in pixels. */
  get height(): number {
    return this.#layout.height;
  }

  /** How many options fit in the view. */
  get page(): number {
    const { header, option } = this.#heights;
    return Math.max(1, Math.floor((this.#view.height - header) / option));
  }

  /** Returns the sections and rows to render. */
  pick(): readonly PlacedSection[] {
    const always = this.#active?.key ?? null;
    return pickInView(this.#layout, { view: this.#view, margin: MARGIN, always });
  }

  /**
   * Shows another list and keeps the visible rows in place, the active option first. A list that is only in another
   * order does not scroll, unless its active option has left the view.
   */
  show(sections: Sections, active: OptionRow | null): void {
    const before = this.#active;
    const isReordered =
      sections.options.length === this.#sections.options.length && before?.index !== active?.index;
    const wasSeen = this.#isActiveInView();
    this.#sections = sections;
    if (isReordered) this.#layout = layOut(sections, this.#heights);
    else this.#layOut();
    this.#active = active;
    if (isReordered && wasSeen) this.reveal();
  }

  /** Makes an option the active one, without scrolling. */
  activate(row: OptionRow): void {
    this.#active = row;
    this.#host.requestUpdate();
  }

  /**
   * Scrolls as little as possible to show the active option. For the first and the last option it also shows the
   * content above or below, if it fits.
   */
  reveal(): void {
    const { header } = this.#heights;
    const { height } = this.#view;
    const position =
      this.#active === null ? undefined : this.#layout.positions.get(this.#active.key);
    if (position === undefined) return;
    const index = this.#active?.index;
    const end = position.top + position.height;
    const top = index === 0 && end <= height ? 0 : position.top;
    const isLast = index === this.#sections.options.length - 1;
    const rest = this.#layout.height - top + header;
    const bottom = isLast && rest <= height ? this.#layout.height : end;
    const whole = { top, height: bottom - top };
    this.#view = { height, top: toScrollTop(whole, { view: this.#view, header }) };
  }

  /** Stores the scroll position after the user has scrolled. */
  scrolled(list: HTMLElement): void {
    if (list.scrollTop === this.#view.top) return;
    this.#view = { ...this.#view, top: list.scrollTop };
    this.#host.requestUpdate();
  }

  /** Measures the rendered rows and applies the scroll position. */
  measure(list: HTMLElement): void {
    const { clientHeight: height } = list;
    if (height === 0) return;
    const heights = measure(list, this.#heights);
    if (heights !== this.#heights || height !== this.#view.height) {
      this.#resize(heights, height);
      this.#host.requestUpdate();
      return;
    }
    if (list.scrollTop !== this.#view.top) list.scrollTop = this.#view.top;
    // The browser may have clamped the scroll position.
    this.#view = { height, top: list.scrollTop };
  }

  #resize(heights: Heights, height: number): void {
    const isSeen = this.#isActiveInView();
    this.#heights = heights;
    this.#layOut();
    this.#view = { top: this.#isMeasured ? this.#view.top : 0, height };
    if (isSeen || !this.#isMeasured) this.reveal();
    this.#isMeasured = true;
  }

  #isActiveInView(): boolean {
    const position = this.#layout.positions.get(this.#active?.key ?? '');
    return position !== undefined && isInView(position, this.#view);
  }

  #layOut(): void {
    const after = layOut(this.#sections, this.#heights);
    const anchor = this.#active?.key ?? null;
    const top = keepScrollPosition({ before: this.#layout, after }, { view: this.#view, anchor });
    this.#layout = after;
    this.#view = { ...this.#view, top };
  }
}

/** Measures the rendered rows. Returns `before` itself if no height has changed. */
function measure(list: HTMLElement, before: Heights): Heights {
  const toHeight = (element: Element | null) => element?.getBoundingClientRect().height;
  const header = toHeight(list.querySelector('.header')) ?? before.header;
  const option = toHeight(list.querySelector('.option')) ?? before.option;
  const notices = new Map(before.notices);
  let isChanged = header !== before.header || option !== before.option;
  for (const notice of list.querySelectorAll<HTMLElement>('.notice')) {
    const key = notice.dataset['key'] ?? '';
    const height = toHeight(notice) ?? 0;
    if (notices.get(key) === height) continue;
    notices.set(key, height);
    isChanged = true;
  }
  return isChanged ? { header, option, notices } : before;
}
