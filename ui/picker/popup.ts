import { isInWindow, placePopup } from './place-popup.ts';

/** The popup's width in `em` of the picker's font size, if the window has room for it. */
const WIDTH_EM = 34;

/** An element in the browser's top layer: the page does not clip it, and it follows its anchor while it is open. */
export class Popup {
  readonly #onAnchorLost: () => void;
  #frame: number | null = null;
  #lastPosition = '';

  /** `onAnchorLost` is called when the anchor has left the window. */
  constructor(onAnchorLost: () => void) {
    this.#onAnchorLost = onAnchorLost;
  }

  /** Shows the popup at its anchor. */
  show(popup: HTMLElement, anchor: HTMLElement): void {
    if (this.#frame !== null) return;
    popup.showPopover();
    this.#place(popup, anchor);
    // No set of events covers every way a page can move the anchor, so check its position in every frame.
    const follow = () => {
      this.#frame = requestAnimationFrame(follow);
      this.#place(popup, anchor);
    };
    this.#frame = requestAnimationFrame(follow);
  }

  hide(popup: HTMLElement | null): void {
    if (this.#frame === null) return;
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.#lastPosition = '';
    popup?.hidePopover();
  }

  #place(popup: HTMLElement, anchor: HTMLElement): void {
    const box = anchor.getBoundingClientRect();
    // Exclude the scroll bar, which the popup cannot cover.
    const window = { width: document.documentElement.clientWidth, height: innerHeight };
    const position = [box.left, box.right, box.top, box.bottom, ...Object.values(window)].join(' ');
    if (position === this.#lastPosition) return;
    this.#lastPosition = position;
    if (!isInWindow(box, window)) return this.#onAnchorLost();
    const preferred = WIDTH_EM * Number.parseFloat(getComputedStyle(anchor).fontSize);
    const place = placePopup(box, { window, width: preferred });
    const toLength = (pixels: number | null) => (pixels === null ? 'auto' : `${pixels}px`);
    popup.style.left = toLength(place.left);
    popup.style.top = toLength(place.top);
    popup.style.bottom = toLength(place.bottom);
    popup.style.width = toLength(place.width);
    popup.style.maxHeight = toLength(place.maxHeight);
  }
}
