// console/ is Paddock's own page. This file is its frame; each view has a folder of its own and loads when it is
// opened.

import { html, LitElement, nothing, svg } from 'lit';
import { FleetController } from '../fleet/fleet-controller.ts';
import { shareFeed } from '../fleet/shared-feeds.ts';
import { HostMonitor } from './hosts/host-monitor.ts';
import { KeyDialog } from './key-dialog.ts';
import { tabKey } from './tab-key.ts';
import { toNotice, type Notice } from './to-notice.ts';
import { readView, VIEWS, type ViewName } from './views.ts';

const MARK = svg`<rect width="32" height="32" rx="7" /><path d="M8 7v18M24 7v18M4 12h24M4 20h24" /><circle cx="16" cy="16" r="3.4" />`;

/**
 * The page's frame: the current view, the state of the gateway, and the dialog for its key. It renders into the page
 * itself, not into a shadow root: index.html shows the header with the same styles before this module has loaded.
 */
export class PaddockConsole extends LitElement {
  static override properties = { view: { state: true }, failedView: { state: true } };
  /** The custom elements that the template uses. */
  static readonly parts = [KeyDialog];
  declare view: ViewName;
  /** The view whose module failed to load. */
  declare failedView: ViewName | null;
  readonly #fleet = new FleetController(this);
  #monitor: HostMonitor | null = null;
  #stopMonitor = () => {};
  /** Whether the dialog has asked for a key since the last successful response. */
  #hasAskedForKey = false;

  constructor() {
    super();
    this.view = readView(location.hash);
    this.failedView = null;
  }

  protected override createRenderRoot() {
    this.replaceChildren();
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#changeView);
    this.#follow(tabKey.read());
    this.#loadView();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#changeView);
    this.#stopMonitor();
  }

  /** Follows the gateway with another key. */
  #follow(key: string | null): void {
    this.#stopMonitor();
    const feed = shareFeed({ src: '', key });
    this.#fleet.follow(feed);
    this.#monitor = new HostMonitor(feed);
    this.#stopMonitor = this.#monitor.start();
    this.#hasAskedForKey = false;
  }

  readonly #changeView = () => {
    this.view = readView(location.hash);
    this.#loadView();
    // Move the focus to the new view, for keyboard and screen reader users.
    void this.updateComplete.then(() => this.querySelector('main')?.focus());
  };

  #loadView(): void {
    const { view } = this;
    this.failedView = null;
    document.title = `${VIEWS[view].label} · Paddock`;
    VIEWS[view].load().catch(() => {
      if (this.view === view) this.failedView = view;
    });
  }

  protected override updated(): void {
    const { error } = this.#fleet.state;
    if (error === null && this.#fleet.state.catalog !== null) this.#hasAskedForKey = false;
    if (error?.status !== 401 || this.#hasAskedForKey) return;
    this.#askForKey();
  }

  readonly #askForKey = () => {
    this.#hasAskedForKey = true;
    const isRefused = this.#fleet.feed?.gateway.key !== null;
    void this.querySelector<KeyDialog>('key-dialog')?.ask({ isRefused });
  };

  readonly #useKey = ({ detail }: CustomEvent<string>) => {
    tabKey.write(detail);
    this.#follow(detail);
  };

  readonly #forgetKey = () => {
    tabKey.clear();
    this.#follow(null);
  };

  readonly #skipToContent = (event: Event) => {
    // Keep the hash: it names the view.
    event.preventDefault();
    this.querySelector('main')?.focus();
  };

  protected override render() {
    const { view } = this;
    const { feed } = this.#fleet;
    const monitor = this.#monitor;
    return html`
      <a class="skip" href="#main" @click=${this.#skipToContent}>Skip to content</a>
      ${this.#renderHeader()}
      <div role="status">${this.#renderNotice(toNotice(this.#fleet.state.error))}</div>
      <main id="main" tabindex="-1" aria-label=${VIEWS[view].label}>
        ${this.failedView === null ? VIEWS[view].render({ feed, monitor }) : this.#renderFailure()}
      </main>
      <key-dialog @key=${this.#useKey}></key-dialog>
    `;
  }

  #renderHeader() {
    const views = Object.entries(VIEWS);
    return html`<header>
      <a class="brand" href="#/chat" aria-label="Paddock">
        <svg viewBox="0 0 32 32" aria-hidden="true">${MARK}</svg>
        <span>Paddock</span>
      </a>
      <nav aria-label="Views">
        ${views.map(
          ([name, { label, icon }]) =>
            html`<a href="#/${name}" aria-current=${name === this.view ? 'page' : nothing}
              ><svg viewBox="0 0 24 24" aria-hidden="true">${icon}</svg><span>${label}</span></a
            >`,
        )}
      </nav>
      <div class="tools">
        ${this.#renderDemo()}
        ${
          this.#fleet.feed?.gateway.key === null
            ? nothing
            : html`<button @click=${this.#forgetKey} title="Forget the key that this tab stores">
                Forget key
              </button>`
        }
        <a href="/docs">Reference</a>
      </div>
    </header>`;
  }

  #renderDemo() {
    if (this.#fleet.state.catalog?.demo !== true) return nothing;
    return html`<button
        class="demo"
        popovertarget="demo"
        title="These hosts are simulated. Set PROVIDERS to use your own."
      >
        demo fleet
      </button>
      <div id="demo" popover>
        <p>These hosts are simulated. Favorites of the demo are stored separately.</p>
        <p>To use your own hosts, set <code>PROVIDERS</code> and restart Paddock:</p>
        <pre tabindex="0">
PROVIDERS="desktop=llama-swap://desktop:8080" \\
  npm run serve</pre>
      </div>`;
  }

  #renderNotice(notice: Notice | null) {
    if (notice === null) return nothing;
    const { kind, text } = notice;
    // The hosts view itself shows which setting is missing.
    if (kind === 'empty' && this.view === 'hosts') return nothing;
    return html`<div class="notice" data-kind=${kind}>
      <span>${text}</span>
      ${
        kind === 'offline' || kind === 'fault'
          ? html`<button @click=${() => this.#fleet.feed?.retry()}>Retry</button>`
          : nothing
      }
      ${kind === 'locked' ? html`<button @click=${this.#askForKey}>Enter the key</button>` : nothing}
      ${kind === 'empty' ? html`<a href="#/hosts">Configure hosts</a>` : nothing}
    </div>`;
  }

  #renderFailure() {
    return html`<div class="failure">
      <h1>This view failed to load</h1>
      <p>Paddock may be offline, or it may have been updated.</p>
      <button @click=${() => location.reload()}>Reload the page</button>
    </div>`;
  }
}

customElements.define('paddock-console', PaddockConsole);
