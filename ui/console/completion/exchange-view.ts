import { css, html, LitElement, nothing } from 'lit';
import { controls } from '../controls.ts';
import { AnswerView } from './answer-view.ts';
import type { Exchange } from './exchange.ts';
import { icons } from './icons.ts';
import { isSendKey } from './is-send-key.ts';
import type { Prompt } from './prompt-box.ts';
import type { Target } from './target.ts';

/** A question to ask again, in place of an exchange. */
export interface Repetition extends Prompt {
  readonly id: string;
}

/**
 * Shows a question and its answer. Fires `repeat` with a `Repetition` when the user asks for a new answer or edits
 * the question.
 */
export class ExchangeView extends LitElement {
  static override properties = {
    exchange: { attribute: false },
    target: { attribute: false },
    busyWith: { attribute: false },
    badges: { attribute: false },
    canEdit: { attribute: false },
    canRepeat: { attribute: false },
    draft: { state: true },
  };
  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 1rem;
        min-width: 0;
      }
      .question {
        align-self: flex-end;
        max-width: 85%;
        display: flex;
        align-items: flex-start;
        gap: 0.25rem;
      }
      .question > div,
      form {
        background: var(--raised);
        border-radius: 0.9rem 0.9rem 0.25rem 0.9rem;
        padding: 0.55rem 0.9rem;
        min-width: 0;
      }
      form {
        align-self: stretch;
        border-radius: 0.9rem;
      }
      .words {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        margin: 0;
      }
      .images {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }
      .images + .words {
        margin-top: 0.5rem;
      }
      .images img {
        max-width: min(16rem, 100%);
        max-height: 12rem;
        border-radius: var(--radius);
      }
      .question button {
        opacity: 0;
        min-height: 2rem;
        padding: 0.25rem 0.4rem;
        display: inline-flex;
        align-items: center;
        margin-top: 0.3rem;
      }
      .question:hover button,
      .question button:focus-visible {
        opacity: 1;
      }
      @media (hover: none) {
        .question button {
          opacity: 1;
        }
      }
      textarea {
        width: 100%;
        field-sizing: content;
        max-height: 40vh;
      }
      form p {
        display: flex;
        gap: 0.5rem;
        margin: 0.5rem 0 0;
        justify-content: flex-end;
        align-items: center;
      }
      form .quiet-text {
        margin-right: auto;
      }
    `,
  ];
  /** The custom elements that the template uses. */
  static readonly parts = [AnswerView];
  declare exchange: Exchange | null;
  declare target: Target | null;
  declare busyWith: string | null;
  declare badges: readonly string[];
  declare canEdit: boolean;
  declare canRepeat: boolean;
  /** The text of the question while the user edits it; null otherwise. */
  declare draft: string | null;

  constructor() {
    super();
    this.exchange = null;
    this.target = null;
    this.busyWith = null;
    this.badges = [];
    this.canEdit = false;
    this.canRepeat = false;
    this.draft = null;
  }

  protected override render() {
    const { exchange } = this;
    if (exchange === null) return nothing;
    return html`
      ${this.draft === null ? this.#renderQuestion(exchange) : this.#renderForm(this.draft)}
      <answer-view
        .answer=${exchange.answer}
        .target=${this.target}
        .busyWith=${this.busyWith}
        .badges=${this.badges}
        .canRepeat=${this.canRepeat}
        @again=${() => this.#repeat(exchange.text)}
      ></answer-view>
    `;
  }

  #renderQuestion({ text, images }: Exchange) {
    return html`
      <div class="question">
        ${
          this.canEdit
            ? html`<button
                class="quiet"
                title="Edit"
                aria-label="Edit this message"
                @click=${this.#edit}
              >
                ${icons.edit}
              </button>`
            : nothing
        }
        <div>
          ${
            images.length === 0
              ? nothing
              : html`<div class="images">
                  ${images.map((url) => html`<img src=${url} alt="Attached picture" />`)}
                </div>`
          }
          ${text === '' ? nothing : html`<p class="words">${text}</p>`}
        </div>
      </div>
    `;
  }

  #renderForm(draft: string) {
    return html`
      <form @submit=${this.#submit} @keydown=${this.#press}>
        <textarea
          aria-label="Your message"
          .value=${draft}
          @input=${({ target }: Event) => (this.draft = (target as HTMLTextAreaElement).value)}
        ></textarea>
        <p>
          <span class="quiet-text">This deletes all later messages.</span>
          <button type="button" class="quiet" @click=${this.#cancel}>Cancel</button>
          <button class="primary">Send</button>
        </p>
      </form>
    `;
  }

  async #edit(): Promise<void> {
    this.draft = this.exchange?.text ?? '';
    await this.updateComplete;
    this.renderRoot.querySelector('textarea')?.focus();
  }

  async #cancel(): Promise<void> {
    this.draft = null;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.question button')?.focus();
  }

  #press(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.isComposing) {
      // Escape cancels the editing, and must not stop an answer.
      event.stopPropagation();
      void this.#cancel();
    } else if (isSendKey(event)) {
      this.#submit(event);
    }
  }

  #submit(event: Event): void {
    event.preventDefault();
    const text = this.draft?.trim() ?? '';
    if (text === '' && this.exchange?.images.length === 0) return;
    this.draft = null;
    this.#repeat(text);
  }

  #repeat(text: string): void {
    if (this.exchange === null) return;
    const { id, images } = this.exchange;
    const detail: Repetition = { id, text, images };
    this.dispatchEvent(new CustomEvent('repeat', { detail, bubbles: true, composed: true }));
  }
}

customElements.define('exchange-view', ExchangeView);
