import { html, LitElement, nothing, svg } from 'lit';
import type { Provider } from '../../fleet/catalog.ts';
import { toLastSeenLabel } from '../../fleet/labels.ts';
import { controls } from '../controls.ts';
import { hostCardStyles } from './host-card-styles.ts';
import { count, toHostStatus } from './host-status.ts';
import { toPageUrl } from './page-url.ts';
import { summarizeLatency, toChartLabel, type Sample } from './latency-history.ts';

/** A model that a provider has in memory. */
export interface LoadedModel {
  /** The provider's own model ID. */
  readonly model: string;
  /** Its state and how long it has been in it. */
  readonly label: string;
}

/** The data of a provider's card. */
export interface HostCardData {
  readonly provider: Provider;
  readonly samples: readonly Sample[];
  readonly loaded: readonly LoadedModel[];
  /** The error of the request for the running models, or null. */
  readonly loadedFault: string | null;
  /** The provider's llama-swap release, or null. */
  readonly release: string | null;
}

const MARKS = {
  disc: svg`<circle cx="6" cy="6" r="5" fill="currentColor" />`,
  ring: svg`<circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" stroke-width="1.5" />`,
  triangle: svg`<path d="M6 .8 11.6 11H.4z" fill="currentColor" />`,
  diamond: svg`<path d="M6 .4 11.6 6 6 11.6.4 6z" fill="currentColor" />`,
};

/** Shows a provider. Fires `unload`; its `detail` is one of the provider's models, or null for all of them. */
export class HostCard extends LitElement {
  static override properties = { host: { attribute: false }, result: {} };
  static override styles = [controls, hostCardStyles];
  declare host: HostCardData | null;
  /** The result of the last action, for display. */
  declare result: string;

  constructor() {
    super();
    this.host = null;
    this.result = '';
  }

  protected override updated(): void {
    if (this.renderRoot.querySelector('latency-chart') !== null) {
      // Without the chart, the numbers next to it still show the latency.
      void import('./latency-chart.ts').catch(() => {});
    }
  }

  protected override render() {
    if (this.host === null) return nothing;
    const { provider } = this.host;
    return html`<article class="card" aria-labelledby="label">
      ${renderHead(provider)} ${renderFault(provider)} ${renderLatency(this.host)}
      ${
        provider.can.running && provider.status === 'online'
          ? this.#renderLoaded(this.host)
          : nothing
      }
      <p class="result" role="status">${this.result}</p>
      ${this.#renderFoot(this.host)}
    </article>`;
  }

  #renderLoaded({ provider, loaded, loadedFault }: HostCardData) {
    if (loadedFault !== null) return html`<p class="quiet-text">${loadedFault}</p>`;
    if (loaded.length === 0) return html`<p class="quiet-text">No models are loaded.</p>`;
    return html`<ul class="loaded" aria-label="Loaded models">
      ${loaded.map(
        ({ model, label }) =>
          html`<li>
            <div>
              <code>${model}</code><span class="quiet-text">${label}</span>
              ${renderPageLink(model, provider)}
            </div>
            ${provider.can.unload ? this.#renderUnload(model) : nothing}
          </li>`,
      )}
    </ul>`;
  }

  #renderUnload(model: string) {
    return html`<button
      class="small"
      aria-label=${`Unload ${model}`}
      @click=${() => this.#unload(model)}
    >
      Unload
    </button>`;
  }

  #renderFoot({ provider, loaded, release }: HostCardData) {
    const { kind, models } = provider;
    const facts = [
      ...(provider.status === 'online' ? [count(models.length, 'model')] : []),
      release === null ? kind : `${kind} ${release}`,
    ];
    return html`<footer>
      <span class="quiet-text">${facts.join(' · ')}</span>
      ${
        loaded.length === 0 || !provider.can.unload
          ? nothing
          : html`<button
              class="small quiet"
              aria-label=${`Unload all models of ${provider.label}`}
              @click=${() => this.#unload(null)}
            >
              Unload all
            </button>`
      }
    </footer>`;
  }

  #unload(model: string | null): void {
    this.dispatchEvent(new CustomEvent('unload', { detail: model }));
  }
}

function renderPageLink(model: string, provider: Provider) {
  const url = toPageUrl(model, { provider, location });
  if (url === null) return nothing;
  return html`<a href=${url} target="_blank" rel="noopener" aria-label=${`Open web page: ${model}`}
    >Open web page</a
  >`;
}

function renderHead(provider: Provider) {
  const { word, mark, tone } = toHostStatus(provider.status);
  return html`<header>
    <h3 id="label">${provider.label}</h3>
    <span class="status" data-tone=${tone}>
      <svg viewBox="0 0 12 12" aria-hidden="true">${MARKS[mark]}</svg>${word}
    </span>
    <p class="names">
      <code>${provider.name}</code>
      ${
        provider.default
          ? html`<span class="tag" title="Receives requests for model IDs without a provider"
              >default</span
            >`
          : nothing
      }
      ${
        provider.sidecar
          ? html`<span class="tag" title="Inference uses a second address">sidecar</span>`
          : nothing
      }
    </p>
  </header>`;
}

function renderFault(provider: Provider) {
  if (provider.error === null) return nothing;
  // An online provider may have an error too: its model list may be incomplete.
  const lastSeen =
    provider.status === 'online' ? '' : toSentence(toLastSeenLabel(provider, Date.now()));
  return html`<p class="fault">
    ${provider.error.message} <span class="quiet-text">${lastSeen}</span>
  </p>`;
}

function toSentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function renderLatency({ provider, samples }: HostCardData) {
  const summary = summarizeLatency(samples);
  // Reserve space for the first response. A provider that has never responded shows its error instead.
  if (summary === null) return samples.length === 0 ? html`<div class="chart"></div>` : nothing;
  const { latest, median, worst } = summary;
  return html`<figure>
    <latency-chart
      class="chart"
      role="img"
      aria-label=${toChartLabel(provider.label, summary)}
      .samples=${samples}
    ></latency-chart>
    <figcaption class="quiet-text">
      <span class="latest">${latest === null ? 'no response' : `${latest} ms`}</span>
      <span>median ${median} ms</span><span>worst ${worst} ms</span>
      <span class="span">5 min</span>
    </figcaption>
  </figure>`;
}

customElements.define('host-card', HostCard);
