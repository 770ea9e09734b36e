import { css, html, LitElement } from 'lit';
import { controls } from './controls.ts';
import { copyText } from './copy-text.ts';

/** How long it says so, in milliseconds. */
const SAID_MS = 2500;

/** Copies a text, and says so, also where it cannot. What stands in it is shown until then; its part `button` takes other looks. */
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
  /** What is copied, for who does not see where the button stands. */
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
    this.said = (await copyText(this.text)) ? 'Copied' : 'Not copied';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.said = '';
    }, SAID_MS);
  };
}

customElements.define('copy-button', CopyButton);
