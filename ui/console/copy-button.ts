import { css, html, LitElement } from 'lit';
import { controls } from './controls.ts';
import { copyText } from './copy-text.ts';

/** How long it says so, in milliseconds. */
const SAID_MS = 2500;

/** Copies a text, and says so. */
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
    const name = this.said === '' ? 'Copy' : this.said;
    return html`<button
        type="button"
        class="small"
        aria-label=${`${name} ${this.subject}`}
        @click=${this.#copy}
      >
        ${name}</button
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
