import { css, html, LitElement } from 'lit';
import { controls } from './controls.ts';
import { copyText } from './copy-text.ts';

/** How long the button shows the result, in milliseconds. */
const SAID_MS = 2500;

/** Copies a text and shows whether that succeeded. The slot is its label; the part `button` allows other styles. */
export class CopyButton extends LitElement {
  static override properties = {
    text: { attribute: false },
    subject: {},
    said: { state: true },
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
  declare said: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.text = '';
    this.subject = '';
    this.said = '';
  }

  protected override render() {
    const { said, subject } = this;
    return html`<button
        type="button"
        class="small"
        part="button"
        aria-label=${`${said === '' ? 'Copy' : said} ${subject}`}
        @click=${this.#copy}
      >
        ${said === '' ? html`<slot>Copy</slot>` : said}</button
      ><span class="unseen" role="status">${this.said}</span>`;
  }

  readonly #copy = async () => {
    this.said = (await copyText(this.text)) ? 'Copied' : 'Copy failed';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.said = '';
    }, SAID_MS);
  };
}

customElements.define('copy-button', CopyButton);
