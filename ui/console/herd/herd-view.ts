import { html, LitElement } from 'lit';
import { HerdController } from '../../herd/herd-controller.ts';
import type { HerdFeed } from '../../herd/herd-feed.ts';

export class HerdView extends LitElement {
  static override properties = { feed: { attribute: false } };
  declare feed: HerdFeed | null;
  readonly #herd = new HerdController(this);

  constructor() {
    super();
    this.feed = null;
  }

  protected override willUpdate(): void {
    this.#herd.follow(this.feed);
  }

  protected override render() {
    return html`<p>${this.#herd.state.catalog?.providers.length} hosts</p>`;
  }
}

customElements.define('herd-view', HerdView);
