import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Catalog } from '../../fleet/catalog.ts';
import { controls } from '../controls.ts';
import type { Exchange } from './exchange.ts';
import { ExchangeView } from './exchange-view.ts';
import { FollowEnd } from './follow-end.ts';
import { icons } from './icons.ts';
import { findTarget } from './target.ts';

/** Shows questions and answers, and keeps the end in view while they grow. Fires `repeat` with a `Repetition`. */
export class MessageLog extends LitElement {
  static override properties = {
    label: {},
    exchanges: { attribute: false },
    catalog: { attribute: false },
    busyWith: { attribute: false },
    badges: { attribute: false },
    canEdit: { attribute: false },
  };
  static override styles = [
    controls,
    css`
      :host {
        position: relative;
        flex: 1;
        min-height: 0;
        display: flex;
        flex-direction: column;
      }
      .scroller {
        flex: 1;
        min-height: 0;
        overflow-y: auto;
        overflow-anchor: none;
        scrollbar-width: thin;
      }
      .scroller:focus-visible {
        outline-offset: -2px;
      }
      .messages {
        display: flex;
        flex-direction: column;
        gap: 1.5rem;
        padding: 1rem;
      }
      .end {
        position: absolute;
        left: 50%;
        bottom: 0.5rem;
        translate: -50%;
        box-shadow: 0 1px 4px rgb(0 0 0 / 15%);
      }
    `,
  ];
  /** The custom elements that the template uses. */
  static readonly parts = [ExchangeView];
  declare label: string;
  declare exchanges: readonly Exchange[];
  declare catalog: Catalog | null;
  /** Another model of the same provider that streams an answer to this page, or null. */
  declare busyWith: string | null;
  /** Labels that set the last answer apart from others. */
  declare badges: readonly string[];
  /** Whether the user can edit questions. */
  declare canEdit: boolean;
  readonly #end = new FollowEnd(this, () => this.renderRoot.querySelector('.scroller'));

  constructor() {
    super();
    this.label = '';
    this.exchanges = [];
    this.catalog = null;
    this.busyWith = null;
    this.badges = [];
    this.canEdit = false;
  }

  /** Scrolls to the end and follows it. */
  goToEnd(): void {
    this.#end.goToEnd();
  }

  protected override render() {
    const isEmpty = this.exchanges.length === 0;
    return html`
      <div
        class="scroller"
        part="scroller"
        role="log"
        tabindex=${isEmpty ? nothing : '0'}
        aria-label=${this.label}
        @repeat=${this.#takeFocus}
      >
        <div class="messages" part="messages">
          <slot></slot>
          ${repeat(this.exchanges, ({ id }) => id, this.#renderExchange)}
        </div>
      </div>
      ${this.#end.isAtEnd ? nothing : this.#renderEnd()}
    `;
  }

  #renderEnd() {
    return html`<button
      class="end round"
      title="Go to the end"
      aria-label="Go to the end"
      @click=${this.goToEnd}
    >
      ${icons.down}
    </button>`;
  }

  /** Moves the focus to the log: a repeated exchange is replaced, and the focused button is removed with it. */
  #takeFocus(): void {
    this.renderRoot.querySelector<HTMLElement>('.scroller')?.focus({ preventScroll: true });
  }

  readonly #renderExchange = (exchange: Exchange, index: number) => {
    const isLast = index === this.exchanges.length - 1;
    const { id } = exchange.answer.respondent;
    return html`<exchange-view
      .exchange=${exchange}
      .target=${isLast ? findTarget(this.catalog, id) : null}
      .busyWith=${isLast ? this.busyWith : null}
      .badges=${isLast ? this.badges : NO_BADGES}
      .canEdit=${this.canEdit}
      .canRepeat=${isLast}
    ></exchange-view>`;
  };
}

const NO_BADGES: readonly string[] = [];

customElements.define('message-log', MessageLog);
