import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { FleetFeed, FleetState } from './fleet-feed.ts';

const EMPTY_STATE: FleetState = { catalog: null, favoritesTag: null, error: null };

/** Updates an element after every change of a feed, while the element is in the document. */
export class FleetController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #feed: FleetFeed | null = null;
  #isConnected = false;
  #unsubscribe = () => {};

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** The current feed, or null. */
  get feed(): FleetFeed | null {
    return this.#feed;
  }

  get state(): FleetState {
    return this.#feed?.state ?? EMPTY_STATE;
  }

  /** Switches to another feed, or to none. */
  follow(feed: FleetFeed | null): void {
    if (feed === this.#feed) return;
    this.#unsubscribe();
    this.#feed = feed;
    if (this.#isConnected) this.#subscribe();
    this.#host.requestUpdate();
  }

  hostConnected(): void {
    this.#isConnected = true;
    this.#subscribe();
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    this.#unsubscribe();
    this.#unsubscribe = () => {};
  }

  #subscribe(): void {
    this.#unsubscribe = this.#feed?.subscribe(() => this.#host.requestUpdate()) ?? (() => {});
  }
}
