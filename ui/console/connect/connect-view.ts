// The connect view: settings for other programs to copy, with this gateway's address and one of its models.

import { html, LitElement, nothing } from 'lit';
import { FleetController } from '../../fleet/fleet-controller.ts';
import type { FleetFeed } from '../../fleet/fleet-feed.ts';
import { ModelPicker } from '../../picker/model-picker.ts';
import { pickDefaultModel } from '../completion/pick-default-model.ts';
import { controls } from '../controls.ts';
import { CopyButton } from '../copy-button.ts';
import { connectViewStyles } from './connect-view-styles.ts';
import { MASK, toPrograms, type Program } from './snippets.ts';

/** The connect view. */
export class ConnectView extends LitElement {
  static override properties = { feed: { attribute: false }, chosen: { state: true } };
  static override styles = [controls, connectViewStyles];
  /** The custom elements that the template uses. */
  static readonly parts = [CopyButton, ModelPicker];
  declare feed: FleetFeed | null;
  /** The ID of the model chosen in this view, or null. */
  declare chosen: string | null;
  readonly #fleet = new FleetController(this);

  constructor() {
    super();
    this.feed = null;
    this.chosen = null;
  }

  protected override willUpdate(): void {
    this.#fleet.follow(this.feed);
  }

  protected override render() {
    const { catalog, error } = this.#fleet.state;
    if (catalog === null) {
      // The page's frame shows the error.
      const words = error === null ? 'Loading…' : nothing;
      return html`<p class="quiet-text waiting">${words}</p>`;
    }
    const id = this.chosen ?? pickDefaultModel(catalog, null);
    return html`
      <header>
        <h1>Connect</h1>
        <p class="quiet-text">
          Any client of the API of OpenAI, Anthropic or llama-swap works. Give it this address, a
          model ID and ${this.feed?.gateway.key == null ? 'any key' : 'the key'}.
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
          : this.#renderPrograms(id)
      }
    `;
  }

  readonly #choose = ({ target }: Event) => {
    this.chosen = (target as ModelPicker).value;
  };

  #renderPrograms(id: string) {
    const key = this.feed?.gateway.key ?? null;
    const { origin } = location;
    const real = toPrograms({ origin, id, key });
    const shown = key === null ? real : toPrograms({ origin, id, key: MASK });
    return html`<div class="programs">
      <nav aria-label="Programs">
        ${real.map(
          ({ name }, index) =>
            html`<button class="quiet" @click=${() => this.#goTo(index)}>${name}</button>`,
        )}
      </nav>
      <div>
        ${shown.map((program, index) => renderProgram(program, { index, real: real[index] }))}
      </div>
    </div>`;
  }

  #goTo(index: number): void {
    const heading = this.renderRoot.querySelector<HTMLElement>(`#program-${index}`);
    heading?.scrollIntoView({ block: 'start' });
    heading?.focus({ preventScroll: true });
  }
}

function renderProgram(
  { name, about, snippets }: Program,
  { index, real }: { index: number; real: Program | undefined },
) {
  return html`<section class="card" aria-labelledby=${`program-${index}`}>
    <h2 id=${`program-${index}`} tabindex="-1">${name}</h2>
    <p class="quiet-text">${about}</p>
    ${snippets.map(({ title, text }, at) =>
      renderSnippet({
        title,
        subject: title === '' ? name : `${name}: ${title}`,
        shown: text,
        copied: real?.snippets[at]?.text ?? text,
      }),
    )}
  </section>`;
}

function renderSnippet(options: { title: string; subject: string; shown: string; copied: string }) {
  const { title, subject, shown, copied } = options;
  return html`<div class="snippet">
    ${title === '' ? nothing : html`<h3>${title}</h3>`}
    <pre
      tabindex="0"
      role="region"
      aria-label=${`Settings for ${subject}`}
    ><code>${shown}</code></pre>
    <copy-button .text=${copied} subject=${subject}></copy-button>
  </div>`;
}

customElements.define('connect-view', ConnectView);
