// The connect view: settings for other programs to copy, with this gateway's address and one of its models.

import { html, LitElement, nothing } from 'lit';
import { canChat } from '../../../src/catalog/can-chat.ts';
import type { Facts } from '../../../src/client-settings/client.ts';
import { CLIENTS } from '../../../src/client-settings/clients.ts';
import { findClaudeAlias } from '../../../src/client-settings/find-claude-alias.ts';
import type { Catalog } from '../../fleet/catalog.ts';
import { FleetController } from '../../fleet/fleet-controller.ts';
import type { FleetFeed } from '../../fleet/fleet-feed.ts';
import { read, type Gateway } from '../../fleet/gateway.ts';
import { ModelPicker } from '../../picker/model-picker.ts';
import { listModels, pickDefaultModel } from '../completion/pick-default-model.ts';
import { controls } from '../controls.ts';
import { CopyButton } from '../copy-button.ts';
import { connectViewStyles } from './connect-view-styles.ts';
import { renderKey, renderSnippet } from './render-snippet.ts';

/** The connect view. */
export class ConnectView extends LitElement {
  static override properties = {
    feed: { attribute: false },
    chosen: { state: true },
    claudeAlias: { state: true },
  };
  static override styles = [controls, connectViewStyles];
  /** The custom elements that the template uses. */
  static readonly parts = [CopyButton, ModelPicker];
  declare feed: FleetFeed | null;
  /** The ID of the model chosen in this view, or null. */
  declare chosen: string | null;
  /** An alias of the chosen model for Claude Code, or null. */
  declare claudeAlias: string | null;
  /** The model and the aliases for which an alias was looked up. */
  #lookedUp = '';
  readonly #fleet = new FleetController(this);

  constructor() {
    super();
    this.feed = null;
    this.chosen = null;
    this.claudeAlias = null;
  }

  protected override willUpdate(): void {
    this.#fleet.follow(this.feed);
    const { catalog } = this.#fleet.state;
    if (catalog !== null && this.feed !== null) void this.#lookUp(catalog, this.feed.gateway);
  }

  /** Looks up the alias again if the model or its aliases have changed. */
  async #lookUp(catalog: Catalog, gateway: Gateway): Promise<void> {
    const id = this.#idOf(catalog);
    const model = listModels(catalog).find((one) => one.id === id);
    const wanted = JSON.stringify([id, model?.aliases]);
    if (wanted === this.#lookedUp) return;
    this.#lookedUp = wanted;
    this.claudeAlias = null;
    if (model === undefined) return;
    const resolve = (name: string) =>
      read<{ id: string; available: boolean | null }>(gateway, {
        path: `/api/resolve?model=${encodeURIComponent(name)}`,
      }).catch(() => null);
    const alias = await findClaudeAlias(model, resolve);
    if (wanted === this.#lookedUp) this.claudeAlias = alias;
  }

  #idOf(catalog: Catalog): string | null {
    return this.chosen ?? pickDefaultModel(catalog, null);
  }

  protected override render() {
    const { catalog, error } = this.#fleet.state;
    if (catalog === null) {
      // The page's frame shows the error.
      const words = error === null ? 'Loading…' : nothing;
      return html`<p class="quiet-text waiting">${words}</p>`;
    }
    const id = this.#idOf(catalog);
    return html`
      <header>
        <h1>Connect</h1>
        <p class="quiet-text">
          Any client of the API of OpenAI, Anthropic, Ollama or llama-swap works. Give it this
          address, a model ID and ${this.feed?.gateway.key == null ? 'any key' : 'the key'}.
        </p>
      </header>
      <div class="choice">
        <label for="model">Model</label>
        <model-picker
          id="model"
          .feed=${this.feed}
          .value=${id ?? ''}
          @change=${this.#choose}
        ></model-picker>
      </div>
      ${
        id === null
          ? html`<p>No models are available. The settings appear as soon as a host is online.</p>`
          : this.#renderClients(catalog, id)
      }
    `;
  }

  readonly #choose = ({ target }: Event) => {
    this.chosen = (target as ModelPicker).value;
  };

  #renderClients(catalog: Catalog, id: string) {
    const key = this.feed?.gateway.key ?? null;
    const model = listModels(catalog).find((one) => one.id === id);
    const facts: Facts = {
      url: location.origin,
      id,
      window: model?.contextWindow ?? null,
      hasVision: model?.capabilities.includes('vision') === true,
      claudeAlias: this.claudeAlias,
      needsKey: key !== null,
    };
    return html`${
        model !== undefined && !canChat(model)
          ? html`<p class="note">${model.name} does not chat: choose a model that does.</p>`
          : nothing
      }
      <div class="programs">
        <nav aria-label="Programs">
          ${CLIENTS.map(
            ({ id: name, name: label }) =>
              html`<button class="quiet" @click=${() => this.#goTo(name)}>${label}</button>`,
          )}
        </nav>
        <div>
          ${key === null ? nothing : renderKey(key)}
          ${CLIENTS.map(({ id: name, name: label, describe }) => {
            const { about, snippets } = describe(facts);
            return html`<section class="card" aria-labelledby=${`program-${name}`}>
              <h2 id=${`program-${name}`} tabindex="-1">${label}</h2>
              <p class="quiet-text">${about}</p>
              ${snippets.map((snippet) => renderSnippet(label, snippet))}
            </section>`;
          })}
        </div>
      </div>`;
  }

  #goTo(name: string): void {
    const heading = this.renderRoot.querySelector<HTMLElement>(`#program-${name}`);
    heading?.scrollIntoView({ block: 'start' });
    heading?.focus({ preventScroll: true });
  }
}

customElements.define('connect-view', ConnectView);
