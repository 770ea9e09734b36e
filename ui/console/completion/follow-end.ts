import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** The distance to the end that counts as being at it, in pixels. */
const NEAR_PX = 8;

/**
 * Keeps the end of growing content in view while the user is at the end. It does not scroll after the user has
 * scrolled up.
 */
export class FollowEnd implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #findScroller: () => HTMLElement | null;
  readonly #resizeObserver = new ResizeObserver(() => this.#follow());
  #scroller: HTMLElement | null = null;
  #lastTop = 0;
  #isAtEnd = true;

  /** `findScroller` returns the scrolling element; its first child is the content that grows. */
  constructor(host: ReactiveControllerHost, findScroller: () => HTMLElement | null) {
    this.#host = host;
    this.#findScroller = findScroller;
    host.addController(this);
  }

  /** Whether the end is in view. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** Scrolls to the end and follows it. */
  goToEnd(): void {
    this.#isAtEnd = true;
    this.#follow();
    this.#host.requestUpdate();
  }

  hostUpdated(): void {
    const scroller = this.#findScroller();
    if (scroller === this.#scroller) return;
    this.hostDisconnected();
    if (scroller === null) return;
    this.#scroller = scroller;
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#resizeObserver.observe(scroller);
    if (scroller.firstElementChild !== null)
      this.#resizeObserver.observe(scroller.firstElementChild);
  }

  hostDisconnected(): void {
    this.#resizeObserver.disconnect();
    this.#scroller?.removeEventListener('scroll', this.#onScroll);
    this.#scroller = null;
  }

  readonly #onScroll = () => {
    if (this.#scroller === null) return;
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const isNear = scrollHeight - clientHeight - scrollTop <= NEAR_PX;
    const wasAtEnd = this.#isAtEnd;
    if (isNear) this.#isAtEnd = true;
    else if (scrollTop < this.#lastTop) this.#isAtEnd = false;
    this.#lastTop = scrollTop;
    if (wasAtEnd !== this.#isAtEnd) this.#host.requestUpdate();
  };

  #follow(): void {
    if (this.#isAtEnd && this.#scroller !== null) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
    }
  }
}
