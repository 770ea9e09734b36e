import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { FleetFeed, FleetState } from './fleet-feed.ts';

const NOTHING: FleetState = { catalog: null, favoritesTag: null, trouble: null };

/** Updates an element after every change of a feed, while the element is in the document. */
export class FleetController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #feed: FleetFeed | null = null;
  #isConnected = false;
  #leave = () => {};

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** The current feed, or null. */
  get feed(): FleetFeed | null {
    return this.#feed;
  }

  get state(): FleetState {
    return this.#feed?.state ?? NOTHING;
  }

  /** Switches to another feed, or to none. */
  follow(feed: FleetFeed | null): void {
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
