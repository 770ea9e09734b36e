// console/ is Paddock's own page. Its frame is here; each view stands in a folder of its own and loads when it is opened.

import { css, html, LitElement, nothing } from 'lit';
import { HerdController } from '../herd/herd-controller.ts';
import { shareFeed } from '../herd/shared-feeds.ts';
import { readKey } from './key.ts';

const VIEWS = {
  chat: { label: 'Chat', load: () => import('./chat/chat-view.ts') },
  arena: { label: 'Arena', load: () => import('./arena/arena-view.ts') },
  herd: { label: 'Herd', load: () => import('./herd/herd-view.ts') },
  connect: { label: 'Connect', load: () => import('./connect/connect-view.ts') },
} as const;

type ViewName = keyof typeof VIEWS;

/** The page's frame: which view is shown, how the gateway is, and the key that it may ask for. */
export class PaddockConsole extends LitElement {
  static override properties = { view: { state: true } };
  static override styles = css``;
  declare view: ViewName;
  readonly #herd = new HerdController(this);

  constructor() {
    super();
    this.view = readView();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#show);
    this.#herd.follow(shareFeed({ src: '', key: readKey() }));
    this.#show();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#show);
  }

  readonly #show = () => {
    this.view = readView();
    void VIEWS[this.view].load();
  };

  protected override render() {
    const { trouble } = this.#herd.state;
    const { feed } = this.#herd;
    return html`
      <nav>
        ${Object.entries(VIEWS).map(([name, { label }]) => html`<a href="#/${name}">${label}</a>`)}
      </nav>
      ${trouble === null ? nothing : html`<p role="status">${trouble.message}</p>`}
      <main>
        ${this.view === 'chat' ? html`<chat-view .feed=${feed}></chat-view>` : nothing}
        ${this.view === 'arena' ? html`<arena-view .feed=${feed}></arena-view>` : nothing}
        ${this.view === 'herd' ? html`<herd-view .feed=${feed}></herd-view>` : nothing}
        ${this.view === 'connect' ? html`<connect-view .feed=${feed}></connect-view>` : nothing}
      </main>
    `;
  }
}

function readView(): ViewName {
  const name = location.hash.replace(/^#\//u, '');
  return name in VIEWS ? (name as ViewName) : 'chat';
}

customElements.define('paddock-console', PaddockConsole);
