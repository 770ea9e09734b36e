import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { HerdFeed, HerdState } from './herd-feed.ts';

const NOTHING: HerdState = { catalog: null, favoritesTag: null, trouble: null };

/** Keeps an element in step with a herd, while it stands on the page. */
export class HerdController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #feed: HerdFeed | null = null;
  #isConnected = false;
  #leave = () => {};

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** The herd that is shown, or null. */
  get feed(): HerdFeed | null {
    return this.#feed;
  }

  get state(): HerdState {
    return this.#feed?.state ?? NOTHING;
  }

  /** Shows another herd from now on, or none. */
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
