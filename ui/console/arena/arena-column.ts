import { css, html, LitElement, nothing } from 'lit';
import { FleetController } from '../../fleet/fleet-controller.ts';
import type { FleetFeed } from '../../fleet/fleet-feed.ts';
import { ModelPicker } from '../../picker/model-picker.ts';
import type { Exchange } from '../completion/exchange.ts';
import { icons } from '../completion/icons.ts';
import { MessageLog } from '../completion/message-log.ts';
import { findTarget } from '../completion/target.ts';
import { controls } from '../controls.ts';

/**
 * Shows one model of the arena and its answers. Fires `choose` with another model's ID, `remove` and `stop`; `repeat`
 * bubbles up from its messages.
 */
export class ArenaColumn extends LitElement {
  static override properties = {
    feed: { attribute: false },
    model: { attribute: false },
    exchanges: { attribute: false },
    busyWith: { attribute: false },
    badges: { attribute: false },
    isBusy: { attribute: false },
    canRemove: { attribute: false },
  };
  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: calc(var(--radius) * 1.5);
      }
      .head {
        display: flex;
        align-items: center;
        gap: 0.25rem;
        padding: 0.5rem;
        border-bottom: 1px solid var(--line);
      }
      .head model-picker {
        flex: 1;
        min-width: 0;
      }
      .head button {
        flex: none;
        width: 2.25rem;
        padding: 0;
        display: inline-flex;
        align-items: center;
        justify-content: center;
      }
    `,
  ];
  /** The custom elements that the template uses. */
  static readonly parts = [MessageLog, ModelPicker];
  declare feed: FleetFeed | null;
  declare model: string;
  declare exchanges: readonly Exchange[];
  /** Another model of the same provider that streams an answer to the arena, or null. */
  declare busyWith: string | null;
  /** Labels that set the last answer apart from others. */
  declare badges: readonly string[];
  declare isBusy: boolean;
  declare canRemove: boolean;
  readonly #fleet = new FleetController(this);

  constructor() {
    super();
    this.feed = null;
    this.model = '';
    this.exchanges = [];
    this.busyWith = null;
    this.badges = [];
    this.isBusy = false;
    this.canRemove = false;
  }

  protected override willUpdate(): void {
    this.#fleet.follow(this.feed);
  }

  protected override render() {
    const { feed, model } = this;
    const { name } = findTarget(this.#fleet.state.catalog, model);
    return html`
      <div class="head">
        <model-picker
          label="Model"
          .feed=${feed}
          .value=${model}
          @change=${({ target }: Event) => this.#fire('choose', (target as ModelPicker).value)}
        ></model-picker>
        ${
          this.isBusy
            ? html`<button
                title="Stop"
                aria-label=${`Stop ${name}`}
                @click=${() => this.#fire('stop')}
              >
                ${icons.stop}
              </button>`
            : nothing
        }
        ${
          this.canRemove
            ? html`<button
                class="quiet"
                title="Remove"
                aria-label=${`Remove ${name}`}
                @click=${() => this.#fire('remove')}
              >
                ${icons.close}
              </button>`
            : nothing
        }
      </div>
      <message-log
        label=${`Answers of ${name}`}
        .exchanges=${this.exchanges}
        .catalog=${this.#fleet.state.catalog}
        .busyWith=${this.busyWith}
        .badges=${this.badges}
      ></message-log>
    `;
  }

  #fire(type: 'choose' | 'remove' | 'stop', detail?: string): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

customElements.define('arena-column', ArenaColumn);
