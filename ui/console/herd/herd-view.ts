// The herd view: the state of every provider, its loaded models, and the problems with their fixes.

import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { FleetController } from '../../fleet/fleet-controller.ts';
import type { FleetFeed } from '../../fleet/fleet-feed.ts';
import { toAgeLabel } from '../../fleet/labels.ts';
import { controls } from '../controls.ts';
import { renderEmptyHerd } from './empty-herd.ts';
import { renderFindings } from './findings.ts';
import { HerdInquiry } from './herd-inquiry.ts';
import { herdViewStyles } from './herd-view-styles.ts';
import { findHidden } from './hidden-favorites.ts';
import { toHerdSummary } from './host-status.ts';
import { renderHiddenFavorites } from './hidden-list.ts';
import { findDrifted, readRoles } from './read-roles.ts';
import { renderRoles } from './roles-list.ts';
import { showHosts } from './show-hosts.ts';
import { HostCard, type ShownHost } from './host-card.ts';
import type { HostWatch } from './host-watch.ts';
import { UnloadDialog } from './unload-dialog.ts';

/** The herd view. */
export class HerdView extends LitElement {
  static override properties = {
    feed: { attribute: false },
    watch: { attribute: false },
    said: { state: true },
    favoriteFault: { state: true },
  };
  static override styles = [controls, herdViewStyles];
  /** The custom elements that the template uses. */
  static readonly parts = [HostCard, UnloadDialog];
  declare feed: FleetFeed | null;
  /** The latency history of the providers. */
  declare watch: HostWatch | null;
  /** The last action, and the provider it was for. */
  declare said: { readonly name: string; readonly text: string } | null;
  declare favoriteFault: string | null;
  readonly #fleet = new FleetController(this);
  readonly #inquiry = new HerdInquiry(this);
  #leaveWatch = () => {};

  constructor() {
    super();
    this.feed = null;
    this.watch = null;
    this.said = null;
    this.favoriteFault = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#followWatch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaveWatch();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#fleet.follow(this.feed);
    if (changed.has('watch')) this.#followWatch();
    this.#inquiry.note(this.feed);
  }

  #followWatch(): void {
    this.#leaveWatch();
    const leave = this.watch?.subscribe(() => {
      this.#inquiry.askRunning();
      this.requestUpdate();
    });
    this.#leaveWatch = leave ?? (() => {});
  }

  protected override render() {
    const { catalog, trouble } = this.#fleet.state;
    if (catalog === null) {
      return trouble?.code === 'no_providers'
        ? renderEmptyHerd()
        : html`<p class="quiet-text waiting">
            ${trouble === null ? 'Asking the herd…' : nothing}
          </p>`;
    }
    const { diagnosis, running, favorites, roles, checkedAt } = this.#inquiry;
    const hosts = showHosts({
      catalog,
      running,
      diagnosis: diagnosis.answer,
      watch: this.watch,
      now: Date.now(),
    });
    const providers = hosts.map(({ provider }) => provider);
    const entries = roles.answer === null ? null : readRoles(roles.answer.roles);
    const hidden = findHidden(favorites.answer?.favorites ?? [], catalog);
    return html`
      <header class="head">
        <div>
          <h1>Herd</h1>
          <p class="quiet-text">${toHerdSummary(providers)}</p>
        </div>
        <div class="check">
          <span class="quiet-text" role="status"
            >${diagnosis.isAsking ? 'Checking…' : checkedAt === null ? nothing : `checked ${toAgeLabel(checkedAt, Date.now())}`}</span
          >
          <button ?disabled=${diagnosis.isAsking} @click=${() => void this.#inquiry.check()}>
            Check again
          </button>
        </div>
      </header>
      ${renderFindings({
        catalog,
        findings: diagnosis.answer?.findings ?? null,
        fault: diagnosis.fault,
        drifted: entries === null ? null : findDrifted(entries),
      })}
      <section aria-labelledby="hosts">
        <h2 id="hosts">Hosts</h2>
        <div class="hosts">${hosts.map((host) => this.#renderHost(host))}</div>
      </section>
      ${renderHiddenFavorites({
        hidden,
        fault: this.favoriteFault ?? favorites.fault,
        remove: this.#removeFavorite,
      })}
      ${entries === null ? nothing : renderRoles(entries)}
      <unload-dialog @unloaded=${this.#tellUnloaded}></unload-dialog>
    `;
  }

  #renderHost(host: ShownHost) {
    const { name } = host.provider;
    return html`<host-card
      .host=${host}
      .said=${this.said?.name === name ? this.said.text : ''}
      @unload=${({ detail }: CustomEvent<string | null>) => this.#askUnload(host, detail)}
    ></host-card>`;
  }

  #askUnload({ provider, loaded }: ShownHost, model: string | null): void {
    if (this.feed === null) return;
    const { name, label } = provider;
    const { gateway } = this.feed;
    this.said = null;
    const target = { gateway, name, label, model, loaded: loaded.map((one) => one.model) };
    void this.renderRoot.querySelector<UnloadDialog>('unload-dialog')?.ask(target);
  }

  readonly #tellUnloaded = ({ detail }: CustomEvent<{ name: string; text: string }>) => {
    this.said = detail;
    void this.#inquiry.check();
  };

  readonly #removeFavorite = async (id: string) => {
    this.favoriteFault = null;
    try {
      await this.feed?.setFavorite(id, false);
    } catch (error) {
      this.favoriteFault = error instanceof Error ? error.message : String(error);
    }
    void this.#inquiry.check();
  };
}

customElements.define('herd-view', HerdView);
