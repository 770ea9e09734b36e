// picker/ is the custom element that any page may embed. It imports only fleet/ and keeps no list of its own: the
// gateway decides which models it shows and in which order.

import {
  html,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import type { Model } from '../fleet/catalog.ts';
import type { GatewayError } from '../fleet/gateway-error.ts';
import { toSrc } from '../fleet/gateway.ts';
import { FleetController } from '../fleet/fleet-controller.ts';
import type { FleetFeed } from '../fleet/fleet-feed.ts';
import type { FavoriteMove } from '../fleet/with-favorites.ts';
import { shareFeed } from '../fleet/shared-feeds.ts';
import { closedPicker } from './closed-picker.ts';
import { FormControl } from './form-control.ts';
import { warning } from './icons.ts';
import { PickerList } from './picker-list.ts';
import { Popup } from './popup.ts';
import { resolveChosen, type Choice, type ListedChoice } from './resolve-chosen.ts';
import { pickerStyles } from './styles.ts';
import { toErrorLabel } from './words.ts';

/** The origin of the gateway that served this module. */
const OWN_GATEWAY = new URL(import.meta.url).origin;

/** How long a message below a closed picker stays, in milliseconds. */
const MESSAGE_MS = 10_000;

/**
 * Chooses a model of the gateway: `<model-picker name="model" value="lab/gpt-oss-120b"></model-picker>`.
 *
 * It is a form control like `<select>`. When the user chooses a model, the value is its composite ID. A value that
 * the page sets stays unchanged, even if it is a bare model ID, an alias, or the ID of a model that is not available.
 *
 * By keyboard: Enter, Space and the up and down arrows open the list; typed text filters it by name, ID and provider;
 * arrows, Home, End, Page Up and Page Down move in it; Enter, and Space before any text, choose; Alt+F adds to or
 * removes from the favorites; Alt+Up and Alt+Down move a favorite; Escape and Tab close the list.
 *
 * @attr src the gateway's address; by default the origin that served the module; the page's own origin if empty
 * @attr value the default value, which a form reset restores
 * @attr name @attr required @attr disabled as of `<select>`
 * @attr label its name for screen readers, if neither a `<label>` nor `aria-label` gives one
 * @prop key the gateway's key, if it requires one: only a property, to keep it out of the markup
 * @prop feed a feed that the page already follows, in place of `src` and `key`
 * @fires change when the user has chosen another model
 * @fires favorite when the gateway has stored a change of a favorite: `detail` is `{id, favorite}`
 * @csspart button, star, popup, search, list, header, option, row-star, notice, state, message
 * @cssprop --paddock-font, --paddock-radius
 * @cssprop --paddock-surface, --paddock-raised, --paddock-line: background, background of the active row, borders
 * @cssprop --paddock-text, --paddock-quiet, --paddock-accent, --paddock-star: text, lesser text, chosen or focused, stars
 * @cssprop --paddock-good, --paddock-busy, --paddock-bad: ready models, loading or unloading models, errors
 *
 * Its colours follow the page's `color-scheme`, or the system's if the page sets none.
 */
export class ModelPicker extends FormControl {
  static override properties: PropertyDeclarations = {
    src: {},
    key: { attribute: false },
    feed: { attribute: false },
    label: {},
    isOpen: { state: true },
    message: { state: true },
    announcement: { state: true },
  };
  static override styles = pickerStyles;
  declare src: string | null;
  declare key: string | null;
  declare feed: FleetFeed | null;
  declare label: string;
  declare protected isOpen: boolean;
  /** The error of the last favorite change, until the next one. */
  declare protected message: string | null;
  /** The next announcement of the live region for screen readers. */
  declare protected announcement: string;
  readonly #fleet = new FleetController(this);
  readonly #popup = new Popup(() => this.#close());
  #choice: Choice = { kind: 'none' };
  /** The last listed model that the value resolved to. */
  #lastListed: { readonly value: string; readonly choice: ListedChoice } | null = null;
  #error: string | null = null;
  #messageTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.src = null;
    this.key = null;
    this.feed = null;
    this.label = '';
    this.isOpen = false;
    this.message = null;
    this.announcement = '';
    this.addEventListener('focusout', () => {
      // If the whole window loses focus, the list stays open: the focus returns later.
      if (document.hasFocus()) this.isOpen = false;
    });
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'aria-label'];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('pointerdown', this.#pressOutside, { capture: true });
    const scheme = getComputedStyle(this.parentElement ?? document.documentElement).colorScheme;
    if (scheme === 'normal') this.internals.states.add('own-scheme');
    else this.internals.states.delete('own-scheme');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.#pressOutside, { capture: true });
    this.#popup.hide(null);
    this.isOpen = false;
    this.#showMessage(null);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.#fleet.follow(
      this.feed ?? shareFeed({ src: toSrc(this.src ?? OWN_GATEWAY), key: this.key }),
    );
    if (this.isDisabled) this.isOpen = false;
    const { value } = this;
    const { catalog } = this.#fleet.state;
    const before = this.#lastListed?.value === value ? this.#lastListed.choice : null;
    this.#choice = resolveChosen(value, { catalog, before });
    if (this.#choice.kind === 'listed') this.#lastListed = { value, choice: this.#choice };
    const words = this.isOpen ? this.#toErrorText() : null;
    if (words !== this.#error) this.announcement = words ?? '';
    this.#error = words;
  }

  protected override updated(): void {
    super.updated();
    const popup = this.renderRoot.querySelector<HTMLElement>('.popup');
    const control = this.renderRoot.querySelector<HTMLElement>('.control');
    if (popup === null || control === null) return;
    if (this.isOpen || this.message !== null) this.#popup.show(popup, control);
    else this.#popup.hide(popup);
  }

  protected override render() {
    const { isOpen, isDisabled } = this;
    const { catalog } = this.#fleet.state;
    return html`
      ${closedPicker({
        choice: this.#choice,
        label: this.#accessibleName(),
        isOpen,
        isDisabled,
        onToggle: () => (isOpen ? this.#close() : this.#open()),
        onKey: this.#press,
        onStar: (model) => void this.#star(model),
      })}
      <div id="popup" class="popup" part="popup" popover="manual" @mousedown=${keepFocus}>
        ${isOpen && this.#error !== null ? line('error', this.#error) : nothing}
        ${isOpen && this.#choice.kind === 'unavailable' ? line('reason', `${this.#choice.name} is unavailable. ${this.#choice.reason}`) : nothing}
        ${
          isOpen && catalog === null && this.#error === null ? line('waiting', 'Loading…') : nothing
        }
        ${
          isOpen && catalog !== null
            ? html`<model-picker-list
                exportparts="search, list, header, option, row-star, notice, state"
                .catalog=${catalog}
                .chosenId=${this.#choice.kind === 'listed' ? this.#choice.model.id : null}
                .label=${this.#accessibleName()}
                @choose=${({ detail }: CustomEvent<Model>) => this.#choose(detail)}
                @star=${({ detail }: CustomEvent<Model>) => void this.#star(detail)}
                @move=${({ detail }: CustomEvent<FavoriteMove>) => void this.#move(detail)}
                @announce=${({ detail }: CustomEvent<string>) => (this.announcement = detail)}
                @leave=${() => this.#close()}
              ></model-picker-list>`
            : nothing
        }
        ${this.message === null ? nothing : line('error', this.message)}
      </div>
      <div class="unseen" role="status">${this.announcement}</div>
    `;
  }

  #toErrorText(): string | null {
    const { catalog, error } = this.#fleet.state;
    if (error === null) return null;
    return toErrorLabel(error, {
      hasKey: this.#fleet.feed?.gateway.key != null,
      hasList: catalog !== null,
    });
  }

  /** The name of the picker, as the page labels it. */
  #accessibleName(): string {
    const labels = [...this.labels].map((label) => label.textContent?.trim());
    return this.ariaLabel || labels.join(' ') || this.label || 'Model';
  }

  #open(): void {
    this.#showMessage(null);
    this.isOpen = true;
  }

  #close(): void {
    if (!this.isOpen) return this.#showMessage(null);
    this.renderRoot.querySelector<HTMLElement>('#button')?.focus({ preventScroll: true });
    this.isOpen = false;
    this.#showMessage(null);
  }

  readonly #press = (event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey } = event;
    if (ctrlKey || metaKey) return;
    if (key === 'ArrowDown' || key === 'ArrowUp') this.#open();
    else if (key === 'Escape' && (this.isOpen || this.message !== null)) this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  readonly #pressOutside = (event: Event) => {
    if (event.composedPath().includes(this)) return;
    this.isOpen = false;
    this.#showMessage(null);
  };

  #choose({ id }: Model): void {
    this.#close();
    if (this.#choice.kind === 'listed' && this.#choice.model.id === id) return;
    this.value = id;
    this.dispatchEvent(new Event('change', { bubbles: true, composed: true }));
  }

  async #star({ id, name, favorite: before }: Model): Promise<void> {
    const favorite = !before;
    const failed = favorite
      ? 'was not added to the favorites'
      : 'was not removed from the favorites';
    const write = () => this.#fleet.feed?.setFavorite(id, favorite);
    if (!(await this.#write(write, `${name} ${failed}`))) return;
    this.announcement = `${name} ${favorite ? 'added to' : 'removed from'} the favorites.`;
    const detail = { id, favorite };
    this.dispatchEvent(new CustomEvent('favorite', { detail, bubbles: true, composed: true }));
  }

  async #move(move: FavoriteMove): Promise<void> {
    const find = () => {
      const favorites = this.#fleet.state.catalog?.favorites ?? [];
      const index = favorites.findIndex(({ id }) => id === move.id);
      return { name: favorites[index]?.name ?? move.id, at: `${index + 1} of ${favorites.length}` };
    };
    const write = () => this.#fleet.feed?.moveFavorite(move);
    if (!(await this.#write(write, `${find().name} was not moved`))) return;
    const { name, at } = find();
    this.announcement = `${name} is favorite ${at}.`;
  }

  /** Writes a change of the favorites. Returns whether it was stored, and shows the reason if it was not. */
  async #write(write: () => Promise<void> | undefined, failed: string): Promise<boolean> {
    this.#showMessage(null);
    try {
      await write();
      return true;
    } catch (error) {
      // The feed throws only GatewayError.
      this.#showMessage(`${failed}: ${(error as GatewayError).message}`);
      return false;
    }
  }

  /** Shows an error and announces it to screen readers for MESSAGE_MS; null clears it. */
  #showMessage(message: string | null): void {
    clearTimeout(this.#messageTimer);
    this.message = message;
    if (message === null) return;
    this.announcement = message;
    this.#messageTimer = setTimeout(() => (this.message = null), MESSAGE_MS);
  }
}

/** Keeps the focus where it is when the popup is pressed, except to place the cursor in its text field. */
function keepFocus(event: Event): void {
  if (!(event.composedPath()[0] instanceof HTMLInputElement)) event.preventDefault();
}

/** A message above the list or in its place. */
function line(kind: 'error' | 'reason' | 'waiting', text: string): TemplateResult {
  return html`<p class="line ${kind}" part="message">
    ${kind === 'error' ? warning : nothing}<span>${text}</span>
  </p>`;
}

// A page may load this module twice, for example from two gateways: the first definition serves both.
if (customElements.get('model-picker') === undefined) {
  customElements.define('model-picker-list', PickerList);
  customElements.define('model-picker', ModelPicker);
}

declare global {
  interface HTMLElementTagNameMap {
    'model-picker': ModelPicker;
  }
}
