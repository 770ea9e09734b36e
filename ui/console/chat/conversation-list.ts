import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { icons } from '../completion/icons.ts';
import { controls } from '../controls.ts';
import type { Summary } from './conversation.ts';

/** Lists the conversations of this browser. Fires `start`, and `open` and `remove` with an ID. */
export class ConversationList extends LitElement {
  static override properties = {
    summaries: { attribute: false },
    shown: { attribute: false },
    toDelete: { state: true },
  };
  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 0.5rem;
        min-height: 0;
      }
      .start {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        flex: none;
        background: var(--surface);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        overflow-y: auto;
        min-height: 0;
        flex: 1;
      }
      li {
        position: relative;
        border-radius: var(--radius);
      }
      li:hover,
      li:focus-within {
        background: var(--raised);
      }
      li.shown {
        background: var(--raised);
      }
      .open {
        display: block;
        width: 100%;
        text-align: left;
        border: 0;
        background: none;
        padding: 0.4rem 2.2rem 0.4rem 0.7rem;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-size: 0.9375rem;
      }
      .shown .open {
        font-weight: 600;
      }
      .remove {
        position: absolute;
        right: 0.15rem;
        top: 0.15rem;
        min-height: 1.95rem;
        padding: 0.2rem 0.4rem;
        display: inline-flex;
        align-items: center;
        opacity: 0;
      }
      li:hover .remove,
      .remove:focus-visible {
        opacity: 1;
      }
      .remove:hover {
        color: var(--bad);
      }
      @media (hover: none) {
        .remove {
          opacity: 1;
        }
      }
      :focus-visible {
        outline-offset: -2px;
      }
      dialog p {
        margin: 0 0 1rem;
        overflow-wrap: anywhere;
      }
      dialog div {
        display: flex;
        gap: 0.5rem;
        justify-content: flex-end;
      }
    `,
  ];
  declare summaries: readonly Summary[];
  /** The ID of the current conversation. */
  declare shown: string;
  /** The conversation that the dialog asks about before it is deleted. */
  declare toDelete: Summary | null;

  constructor() {
    super();
    this.summaries = [];
    this.shown = '';
    this.toDelete = null;
  }

  override focus(): void {
    // Wait a frame: the list may not be visible yet.
    requestAnimationFrame(() => this.renderRoot.querySelector('button')?.focus());
  }

  protected override render() {
    return html`
      <button class="start" @click=${() => this.#fire('start', '')}>${icons.add} New chat</button>
      ${
        this.summaries.length === 0
          ? nothing
          : html`<ul aria-label="Conversations">
              ${repeat(this.summaries, ({ id }) => id, this.#renderItem)}
            </ul>`
      }
      <dialog aria-labelledby="question" @close=${this.#close}>
        <h2 id="question">Delete this conversation?</h2>
        <p>“${this.toDelete?.title}” is stored only in this browser. You cannot restore it.</p>
        <div>
          <button @click=${this.#close}>Cancel</button>
          <button class="danger" @click=${this.#confirm}>Delete</button>
        </div>
      </dialog>
    `;
  }

  readonly #renderItem = (summary: Summary) => {
    const { id, title } = summary;
    const isShown = id === this.shown;
    return html`
      <li class=${isShown ? 'shown' : ''}>
        <button
          class="open"
          title=${title}
          aria-current=${isShown ? 'true' : nothing}
          @click=${() => this.#fire('open', id)}
        >
          ${title}
        </button>
        <button
          class="quiet remove"
          title="Delete"
          aria-label=${`Delete “${title}”`}
          @click=${() => this.#askToDelete(summary)}
        >
          ${icons.remove}
        </button>
      </li>
    `;
  };

  #askToDelete(summary: Summary): void {
    this.toDelete = summary;
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  #confirm(): void {
    const id = this.toDelete?.id;
    this.#close();
    if (id !== undefined) this.#fire('remove', id);
    // The button that opened the dialog is removed with its conversation.
    this.focus();
  }

  #close(): void {
    this.renderRoot.querySelector('dialog')?.close();
  }

  #fire(type: 'start' | 'open' | 'remove', detail: string): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

customElements.define('conversation-list', ConversationList);
