// The hosts view: the state of every provider, its loaded models, and the problems with their fixes.

import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { FleetController } from '../../fleet/fleet-controller.ts';
import type { FleetFeed } from '../../fleet/fleet-feed.ts';
import { toAgeLabel } from '../../fleet/labels.ts';
import { controls } from '../controls.ts';
import { renderNoHosts } from './no-hosts.ts';
import { renderFindings } from './findings.ts';
import { HostsLoader } from './hosts-loader.ts';
import { hostsViewStyles } from './hosts-view-styles.ts';
import { findHiddenFavorites } from './find-hidden-favorites.ts';
import { toHostsSummary } from './host-status.ts';
import { renderHiddenFavorites } from './hidden-favorites-list.ts';
import { findDrifted, readRoles } from './read-roles.ts';
import { renderRoles } from './roles-list.ts';
import { toHostCards } from './to-host-cards.ts';
import { HostCard, type HostCardData } from './host-card.ts';
import type { HostMonitor } from './host-monitor.ts';
import { UnloadDialog } from './unload-dialog.ts';

/** The hosts view. */
export class HostsView extends LitElement {
  static override properties = {
    feed: { attribute: false },
    monitor: { attribute: false },
    result: { state: true },
    favoriteError: { state: true },
  };
  static override styles = [controls, hostsViewStyles];
  /** The custom elements that the template uses. */
  static readonly parts = [HostCard, UnloadDialog];
  declare feed: FleetFeed | null;
  /** The latency history of the providers. */
  declare monitor: HostMonitor | null;
  /** The last action, and the provider it was for. */
  declare result: { readonly name: string; readonly text: string } | null;
  declare favoriteError: string | null;
  readonly #fleet = new FleetController(this);
  readonly #loader = new HostsLoader(this);
  #unsubscribe = () => {};

  constructor() {
    super();
    this.feed = null;
    this.monitor = null;
    this.result = null;
    this.favoriteError = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#followMonitor();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#fleet.follow(this.feed);
    if (changed.has('monitor')) this.#followMonitor();
    this.#loader.update(this.feed);
  }

  #followMonitor(): void {
    this.#unsubscribe();
    const leave = this.monitor?.subscribe(() => {
      this.#loader.loadRunning();
      this.requestUpdate();
    });
    this.#unsubscribe = leave ?? (() => {});
  }

  protected override render() {
    const { catalog, error } = this.#fleet.state;
    if (catalog === null) {
      return error?.code === 'no_providers'
        ? renderNoHosts()
        : html`<p class="quiet-text waiting">${error === null ? 'Loading…' : nothing}</p>`;
    }
    const { diagnosis, running, favorites, roles, checkedAt } = this.#loader;
    const hosts = toHostCards({
      catalog,
      running,
      diagnosis: diagnosis.data,
      monitor: this.monitor,
      now: Date.now(),
    });
    const providers = hosts.map(({ provider }) => provider);
    const entries = roles.data === null ? null : readRoles(roles.data.roles);
    const hidden = findHiddenFavorites(favorites.data?.favorites ?? [], catalog);
    return html`
      <header class="head">
        <div>
          <h1>Hosts</h1>
          <p class="quiet-text">${toHostsSummary(providers)}</p>
        </div>
        <div class="check">
          <span class="quiet-text" role="status"
            >${diagnosis.isLoading ? 'Checking…' : checkedAt === null ? nothing : `checked ${toAgeLabel(checkedAt, Date.now())}`}</span
          >
          <button ?disabled=${diagnosis.isLoading} @click=${() => void this.#loader.loadAll()}>
            Check again
          </button>
        </div>
      </header>
      ${renderFindings({
        catalog,
        findings: diagnosis.data?.findings ?? null,
        fault: diagnosis.fault,
        drifted: entries === null ? null : findDrifted(entries),
      })}
      <section aria-labelledby="status">
        <h2 id="status">Status</h2>
        <div class="hosts">${hosts.map((host) => this.#renderHost(host))}</div>
      </section>
      ${renderHiddenFavorites({
        hidden,
        fault: this.favoriteError ?? favorites.fault,
        remove: this.#removeFavorite,
      })}
      ${entries === null ? nothing : renderRoles(entries)}
      <unload-dialog @unloaded=${this.#showUnloaded}></unload-dialog>
    `;
  }

  #renderHost(host: HostCardData) {
    const { name } = host.provider;
    return html`<host-card
      .host=${host}
      .result=${this.result?.name === name ? this.result.text : ''}
      @unload=${({ detail }: CustomEvent<string | null>) => this.#askUnload(host, detail)}
    ></host-card>`;
  }

  #askUnload({ provider, loaded }: HostCardData, model: string | null): void {
    if (this.feed === null) return;
    const { name, label } = provider;
    const { gateway } = this.feed;
    this.result = null;
    const target = { gateway, name, label, model, loaded: loaded.map((one) => one.model) };
    void this.renderRoot.querySelector<UnloadDialog>('unload-dialog')?.ask(target);
  }

  readonly #showUnloaded = ({ detail }: CustomEvent<{ name: string; text: string }>) => {
    this.result = detail;
    void this.#loader.loadAll();
  };

  readonly #removeFavorite = async (id: string) => {
    this.favoriteError = null;
    try {
      await this.feed?.setFavorite(id, false);
    } catch (error) {
      this.favoriteError = error instanceof Error ? error.message : String(error);
    }
    void this.#loader.loadAll();
  };
}

customElements.define('hosts-view', HostsView);
