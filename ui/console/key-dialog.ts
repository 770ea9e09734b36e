import { css, html, LitElement, nothing } from 'lit';
import { checkKey, type KeyVerdict } from './check-key.ts';
import { controls } from './controls.ts';

const MESSAGES: Readonly<Record<Exclude<KeyVerdict, 'accepted'>, string>> = {
  rejected: 'Paddock does not accept this key. Use a key from API_KEYS or ADMIN_KEYS.',
  unreachable: 'Paddock does not respond, so the key was not checked. Try again.',
};

/** Asks for the gateway's key and checks it. After a correct key it closes and fires `key` with the key as `detail`. */
export class KeyDialog extends LitElement {
  static override properties = {
    verdict: { state: true },
    isChecking: { state: true },
    isShown: { state: true },
  };
  static override styles = [
    controls,
    css`
      form {
        display: grid;
        gap: 0.75rem;
        width: min(24rem, 80vw);
      }
      h2,
      p {
        margin: 0;
      }
      h2 {
        font-size: 1.125rem;
      }
      label {
        font-weight: 600;
      }
      .field {
        display: flex;
        gap: 0.5rem;
      }
      input {
        flex: 1;
        min-width: 0;
        font-family: var(--mono);
      }
      .actions {
        display: flex;
        justify-content: flex-end;
        gap: 0.5rem;
      }
    `,
  ];
  declare verdict: KeyVerdict | null;
  declare isChecking: boolean;
  declare isShown: boolean;

  constructor() {
    super();
    this.verdict = null;
    this.isChecking = false;
    this.isShown = false;
  }

  /** Opens the dialog unless it is open; `isRefused` tells that the gateway has refused the stored key. */
  async ask({ isRefused }: { isRefused: boolean }): Promise<void> {
    this.verdict = isRefused ? 'rejected' : null;
    this.isShown = false;
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog');
    if (dialog?.open === false) dialog.showModal();
  }

  protected override render() {
    const fault =
      this.verdict === null || this.verdict === 'accepted' ? null : MESSAGES[this.verdict];
    return html`<dialog aria-labelledby="title">
      <form @submit=${this.#submit}>
        <h2 id="title">Paddock requires a key</h2>
        <p class="quiet-text" id="about">The key is stored until you close this tab.</p>
        <label for="key">Key</label>
        <div class="field">
          <input
            id="key"
            name="key"
            type=${this.isShown ? 'text' : 'password'}
            autocomplete="current-password"
            autocapitalize="off"
            spellcheck="false"
            required
            autofocus
            aria-describedby="about fault"
            aria-invalid=${fault === null ? nothing : 'true'}
          />
          <button type="button" aria-pressed=${String(this.isShown)} @click=${this.#toggle}>
            Show
          </button>
        </div>
        <p id="fault" class="error" role="alert">${fault}</p>
        <div class="actions">
          <button type="button" class="quiet" @click=${this.#close}>Not now</button>
          <button class="primary" ?disabled=${this.isChecking}>
            ${this.isChecking ? 'Checking…' : 'Open'}
          </button>
        </div>
      </form>
    </dialog>`;
  }

  readonly #toggle = () => {
    this.isShown = !this.isShown;
  };

  readonly #close = () => {
    this.renderRoot.querySelector('dialog')?.close();
  };

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const input = this.renderRoot.querySelector('input');
    if (input === null || this.isChecking) return;
    const key = input.value.trim();
    this.isChecking = true;
    this.verdict = await checkKey({ src: '', key });
    this.isChecking = false;
    if (this.verdict !== 'accepted') return input.select();
    input.value = '';
    this.#close();
    this.dispatchEvent(new CustomEvent('key', { detail: key }));
  };
}

customElements.define('key-dialog', KeyDialog);
