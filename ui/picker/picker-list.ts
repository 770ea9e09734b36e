import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { Catalog, Model } from '../fleet/catalog.ts';
import { withFavorites, type FavoriteMove } from '../fleet/with-favorites.ts';
import { FavoriteDrag } from './favorite-drag.ts';
import { filterSections } from './filter-sections.ts';
import { ListView } from './list-view.ts';
import { optionRow, noticeRow, sectionHeader, toDomId } from './list-rows.ts';
import { keepActive, pickFirstActive } from './pick-active.ts';
import type { PlacedSection } from './lay-out.ts';
import { readKey } from './read-key.ts';
import { listStyles } from './styles.ts';
import { isInFavorites, toSections, type OptionRow, type Sections } from './to-sections.ts';
import { toListDescription, toMatchesLabel } from './words.ts';

/** How often relative times such as `last seen 3 min ago` are refreshed, in milliseconds. */
const REFRESH_MS = 10_000;

/** What the list asks of its picker. */
interface ListEvents {
  /** The user chose a model. */
  choose: Model;
  /** The user added a model to the favorites or removed it. */
  star: Model;
  /** The user moved a favorite. */
  move: FavoriteMove;
  /** The user closed the list by keyboard. */
  leave: null;
  /** Screen readers should say this text. */
  announce: string;
}

/**
 * The open list of a picker, and the text field that filters it: a combobox that keeps the focus. It is in the
 * document only while it is open, and takes the focus when it appears. It does not change the choice or the favorites
 * itself: it fires `ListEvents`.
 */
export class PickerList extends LitElement {
  static override properties: PropertyDeclarations = {
    catalog: { attribute: false },
    chosenId: { attribute: false },
    label: { attribute: false },
    now: { state: true },
    text: { state: true },
    hasTouchKeyboard: { state: true },
  };
  static override styles = listStyles;
  declare catalog: Catalog;
  /** The chosen model's composite ID, or null. */
  declare chosenId: string | null;
  /** The picker's name for screen readers. */
  declare label: string;
  declare protected now: number;
  /** The text that filters the list. */
  declare protected text: string;
  /** Whether the field opens the keyboard of a touch screen, which would hide half of the list. */
  declare protected hasTouchKeyboard: boolean;
  readonly #view = new ListView(this);
  readonly #drag = new FavoriteDrag();
  #sections: Sections = { list: [], options: [] };
  #active: OptionRow | null = null;
  #pointerPosition = '';
  #refreshTimer: ReturnType<typeof setInterval> | undefined;
  readonly #resizeObserver = new ResizeObserver(() => this.requestUpdate());

  constructor() {
    super();
    this.text = '';
    this.hasTouchKeyboard = !matchMedia('(pointer: coarse)').matches;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#refreshTimer = setInterval(() => (this.now = Date.now()), REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#refreshTimer);
    this.#resizeObserver.disconnect();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('catalog')) this.now = Date.now();
    if (changed.has('text') && this.hasUpdated) {
      this.#active = null;
      this.#build();
      this.#fire('announce', this.text.trim() === '' ? '' : toMatchesLabel(this.#sections));
    } else if (changed.has('catalog') || changed.has('now')) this.#build();
  }

  #build(): void {
    const before = this.#active;
    const { move } = this.#drag;
    const catalog = move === null ? this.catalog : withFavorites(this.catalog, [move]);
    this.#sections = filterSections(toSections(catalog, this.now), this.text);
    const { options } = this.#sections;
    const preferred = this.text.trim() === '' ? this.chosenId : null;
    this.#active =
      before === null ? pickFirstActive(options, preferred) : keepActive(options, before);
    this.#view.show(this.#sections, this.#active);
    if (before === null) this.#view.reveal();
  }

  protected override firstUpdated(): void {
    if (this.#list !== null) this.#resizeObserver.observe(this.#list);
    this.renderRoot.querySelector('input')?.focus({ preventScroll: true });
  }

  protected override updated(): void {
    if (this.#list) this.#view.measure(this.#list);
  }

  get #list(): HTMLElement | null {
    return this.renderRoot.querySelector('.list');
  }

  protected override render() {
    const active = this.#active;
    return html`
      <input
        class="search"
        part="search"
        role="combobox"
        placeholder="Name, ID or provider"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        inputmode=${this.hasTouchKeyboard ? 'search' : 'none'}
        aria-label=${this.label}
        aria-describedby="description"
        aria-autocomplete="list"
        aria-expanded="true"
        aria-controls="list"
        aria-activedescendant=${active === null ? nothing : toDomId(active.key)}
        @pointerdown=${() => (this.hasTouchKeyboard = true)}
        @input=${this.#filter}
        @keydown=${this.#press}
      />
      <div
        id="list"
        class="list"
        part="list"
        role="listbox"
        tabindex="-1"
        aria-label=${this.label}
        @scroll=${this.#scroll}
        @click=${this.#click}
        @pointerdown=${(event: PointerEvent) => this.#drag.press(event, this.#dragged)}
        @pointermove=${this.#onPointerMove}
        @pointerup=${() => this.#endDrag(true)}
        @pointercancel=${() => this.#endDrag(false)}
      >
        <div class="canvas" role="presentation" .style=${`height: ${this.#view.height}px`}>
          ${this.#view.pick().map((placed) => this.#section(placed))}
        </div>
      </div>
      <p id="description" class="unseen">${toListDescription(this.#sections)}</p>
    `;
  }

  #section({ section, top, height, rows }: PlacedSection) {
    const { header, key } = section;
    const place = `top: ${top}px; height: ${height}px`;
    const content = rows.map(({ row, top: rowTop }) =>
      row.kind === 'notice'
        ? noticeRow(row, rowTop)
        : optionRow(row, {
            top: rowTop,
            count: this.#sections.options.length,
            isActive: row.key === this.#active?.key,
            isChosen: row.model.id === this.chosenId,
            isDragged: isInFavorites(row) && row.model.id === this.#drag.move?.id,
          }),
    );
    const id = toDomId(`header ${key}`);
    return header === null
      ? html`<div class="section" role="presentation" .style=${place}>${content}</div>`
      : html`<div class="section" role="group" aria-labelledby=${id} .style=${place}>
          ${sectionHeader(header, id)}${content}
        </div>`;
  }

  readonly #scroll = () => {
    if (this.#list) this.#view.scrolled(this.#list);
  };

  readonly #filter = (event: InputEvent) => {
    // The page must not take it for a change of the picker's value.
    event.stopPropagation();
    this.text = (event.target as HTMLInputElement).value;
    // A filter keeps the popup's height, so that the field stays in place.
    this.style.flexBasis = this.text === '' ? '' : `${this.offsetHeight}px`;
  };

  readonly #press = (event: KeyboardEvent) => {
    const { options } = this.#sections;
    const action = readKey(event, {
      active: this.#active?.index ?? -1,
      count: options.length,
      page: this.#view.page,
      hasText: this.text !== '',
    });
    // The text field's keys are not the page's. Escape closes only the list, not a dialog around the picker.
    if (action !== null || !(event.ctrlKey || event.metaKey || event.altKey)) {
      event.stopPropagation();
    }
    if (action === null) return;
    // Tab keeps its default action, so the focus moves on.
    if (event.key !== 'Tab') event.preventDefault();
    if (action.kind === 'close') return this.#fire('leave', null);
    if (action.kind === 'activate') return this.#activate(options[action.to]);
    if (this.#active === null) return;
    if (action.kind === 'reorder') return this.#reorder(this.#active, action.step);
    this.#fire(action.kind, this.#active.model);
  };

  #reorder(row: OptionRow, step: -1 | 1): void {
    const other = this.#sections.options[row.index + step];
    if (other === undefined || !isInFavorites(row) || !isInFavorites(other)) return;
    this.#fire('move', { id: row.model.id, target: other.model.id });
  }

  readonly #click = (event: MouseEvent) => {
    const row = this.#rowOf(event.target);
    if (this.#drag.takeClick() || row === undefined) return;
    const isStar = (event.target as Element).closest('.star') !== null;
    this.#fire(isStar ? 'star' : 'choose', row.model);
  };

  readonly #onPointerMove = (event: PointerEvent) => {
    if (this.#drag.follow(event, this.#dragged)) {
      this.#build();
      this.#view.reveal();
      return this.requestUpdate();
    }
    if (this.#drag.move !== null) return;
    // Ignore rows that scroll under a pointer that does not move.
    const pointer = `${event.screenX} ${event.screenY}`;
    const row = pointer === this.#pointerPosition ? undefined : this.#rowOf(event.target);
    this.#pointerPosition = pointer;
    if (row === undefined || row === this.#active) return;
    this.#active = row;
    this.#view.activate(row);
  };

  #endDrag(isDropped: boolean): void {
    const move = this.#drag.end();
    if (move === null) return;
    if (isDropped) this.#fire('move', move);
    this.#build();
    this.requestUpdate();
  }

  get #dragged() {
    const root = this.renderRoot as ShadowRoot;
    return {
      options: this.#sections.options,
      rowAt: (x: number, y: number) => this.#rowOf(root.elementFromPoint(x, y)),
    };
  }

  #rowOf(target: EventTarget | null): OptionRow | undefined {
    const option = (target as Element | null)?.closest<HTMLElement>('.option');
    return this.#sections.options[Number(option?.dataset['index'] ?? -1)];
  }

  #activate(row: OptionRow | undefined): void {
    if (row === undefined) return;
    this.#active = row;
    this.#view.activate(row);
    this.#view.reveal();
  }

  #fire<Name extends keyof ListEvents>(name: Name, detail: ListEvents[Name]): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
