import { css, html, LitElement } from 'lit';
import { controls } from './controls.ts';
import { copyText } from './copy-text.ts';

/** How long the button shows the result, in milliseconds. */
const STATUS_MS = 2500;

/** Copies a text and shows whether that succeeded. The slot is its label; the part `button` allows other styles. */
export class CopyButton extends LitElement {
  static override properties = {
    text: { attribute: false },
    subject: {},
    status: { state: true },
  };
  static override styles = [
    controls,
    css`
      :host {
        display: inline-block;
      }
      button {
        min-width: 5rem;
        background: var(--surface);
      }
    `,
  ];
  declare text: string;
  /** The name of the copied text for screen readers. */
  declare subject: string;
  declare status: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.text = '';
    this.subject = '';
    this.status = '';
  }

  protected override render() {
    const { status, subject } = this;
    return html`<button
        type="button"
        class="small"
        part="button"
        aria-label=${`${status === '' ? 'Copy' : status} ${subject}`}
        @click=${this.#copy}
      >
        ${status === '' ? html`<slot>Copy</slot>` : status}</button
      ><span class="unseen" role="status">${this.status}</span>`;
  }

  readonly #copy = async () => {
    this.status = (await copyText(this.text)) ? 'Copied' : 'Copy failed';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.status = '';
    }, STATUS_MS);
  };
}

customElements.define('copy-button', CopyButton);
