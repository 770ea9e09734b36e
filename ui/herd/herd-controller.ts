import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { HerdFeed, HerdState } from './herd-feed.ts';

const NOTHING: HerdState = { catalog: null, favoritesTag: null, trouble: null };

/** Updates an element after every change of a feed, while the element is in the document. */
export class HerdController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #feed: HerdFeed | null = null;
  #isConnected = false;
  #leave = () => {};

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** The current feed, or null. */
  get feed(): HerdFeed | null {
    return this.#feed;
  }

  get state(): HerdState {
    return this.#feed?.state ?? NOTHING;
  }

  /** Switches to another feed, or to none. */
  follow(feed: HerdFeed | null): void {
    if (feed === this.#feed) return;
    this.#leave();
    this.#feed = feed;
    if (this.#isConnected) this.#join();
    this.#host.requestUpdate();
  }

  hostConnected(): void {
    this.#isConnected = true;
    this.#join();
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    this.#leave();
    this.#leave = () => {};
  }

  #join(): void {
    this.#leave = this.#feed?.subscribe(() => this.#host.requestUpdate()) ?? (() => {});
  }
}
