import { css, html, LitElement, nothing } from 'lit';
import { GatewayError } from '../../fleet/gateway-error.ts';
import { send, type Gateway } from '../../fleet/gateway.ts';
import { controls } from '../controls.ts';

/** The model or models to unload. */
export interface UnloadTarget {
  readonly gateway: Gateway;
  /** The provider's name, and its label for display. */
  readonly name: string;
  readonly label: string;
  /** The provider's own model ID; null for all loaded models. */
  readonly model: string | null;
  /** The IDs of all loaded models. */
  readonly loaded: readonly string[];
}

/**
 * Asks for confirmation and unloads. Fires `unloaded`; its `detail` has the provider's name and a text with the
 * result.
 */
export class UnloadDialog extends LitElement {
  static override properties = {
    target: { state: true },
    fault: { state: true },
    isUnloading: { state: true },
  };
  static override styles = [
    controls,
    css`
      h2 {
        font-size: 1.125rem;
      }
      .actions {
        display: flex;
        justify-content: flex-end;
        gap: 0.5rem;
        margin-top: 1rem;
      }
    `,
  ];
  declare target: UnloadTarget | null;
  declare fault: string | null;
  declare isUnloading: boolean;

  constructor() {
    super();
    this.target = null;
    this.fault = null;
    this.isUnloading = false;
  }

  async ask(target: UnloadTarget): Promise<void> {
    if (this.isUnloading) return;
    this.target = target;
    this.fault = null;
    await this.updateComplete;
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  protected override render() {
    if (this.target === null) return nothing;
    const { model, label, loaded } = this.target;
    return html`<dialog aria-labelledby="title" aria-describedby="about">
      <h2 id="title">Unload ${model ?? 'all models'} from ${label}?</h2>
      <div id="about">
        ${
          model === null
            ? html`<p>
                This stops <strong>${loaded.join(', ')}</strong>. Requests in progress on it fail.
              </p>`
            : html`<p>Requests in progress on it fail.</p>`
        }
        <p class="quiet-text">
          This frees memory. The next request loads the model again and waits for it.
        </p>
      </div>
      <p class="error" role="alert">${this.fault}</p>
      <div class="actions">
        <button autofocus @click=${this.#close}>Cancel</button>
        <button class="primary" ?disabled=${this.isUnloading} @click=${this.#unload}>
          ${this.isUnloading ? 'Unloading…' : 'Unload'}
        </button>
      </div>
    </dialog>`;
  }

  readonly #close = () => {
    this.renderRoot.querySelector('dialog')?.close();
  };

  readonly #unload = async () => {
    if (this.target === null || this.isUnloading) return;
    const { gateway, name, label, model } = this.target;
    this.isUnloading = true;
    this.fault = null;
    try {
      await send(gateway, {
        path: `/api/providers/${name}/unload`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(model === null ? {} : { model }),
      });
      this.#close();
      const text = `Unloaded ${model ?? 'all models'} from ${label}.`;
      this.dispatchEvent(new CustomEvent('unloaded', { detail: { name, text } }));
    } catch (error) {
      this.fault = error instanceof GatewayError ? error.message : String(error);
    } finally {
      this.isUnloading = false;
    }
  };
}

customElements.define('unload-dialog', UnloadDialog);
