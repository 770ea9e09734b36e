import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { Catalog, Model } from '../fleet/catalog.ts';
import { ListView } from './list-view.ts';
import { optionRow, noticeRow, sectionHeader, toDomId } from './list-rows.ts';
import { keepActive, pickFirstActive } from './pick-active.ts';
import type { PlacedSection } from './lay-out.ts';
import { readKey } from './read-key.ts';
import { listStyles } from './styles.ts';
import { toSections, type OptionRow, type Sections } from './to-sections.ts';
import { addLetter, findTyped, isTyping, NOTHING_TYPED } from './type-ahead.ts';
import { toListDescription } from './words.ts';

/** How often relative times such as `last seen 3 min ago` are refreshed, in milliseconds. */
const REFRESH_MS = 10_000;

/**
 * The open list of a picker. It is in the document only while it is open, and takes the focus when it appears. It
 * does not change the choice or the favorites itself: it fires `choose` and `star` with the model, and `leave` when
 * the user closes it by keyboard.
 */
export class PickerList extends LitElement {
  static override properties: PropertyDeclarations = {
    catalog: { attribute: false },
    chosenId: { attribute: false },
    label: { attribute: false },
    now: { state: true },
  };
  static override styles = listStyles;
  declare catalog: Catalog;
  /** The chosen model's composite ID, or null. */
  declare chosenId: string | null;
  /** The picker's name for screen readers. */
  declare label: string;
  declare protected now: number;
  readonly #view = new ListView(this);
  #sections: Sections = { list: [], options: [] };
  #active: OptionRow | null = null;
  #typed = NOTHING_TYPED;
  #pointerPosition = '';
  #refreshTimer: ReturnType<typeof setInterval> | undefined;
  readonly #resizeObserver = new ResizeObserver(() => this.requestUpdate());

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
    if (changed.has('catalog') || changed.has('now')) this.#build();
  }

  #build(): void {
    const before = this.#active;
    this.#sections = toSections(this.catalog, this.now);
    const { options } = this.#sections;
    this.#active =
      before === null ? pickFirstActive(options, this.chosenId) : keepActive(options, before);
    this.#view.show(this.#sections, this.#active);
    if (before === null) this.#view.reveal();
  }

  protected override firstUpdated(): void {
    if (this.#list === null) return;
    this.#resizeObserver.observe(this.#list);
    this.#list.focus({ preventScroll: true });
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
      <div
        class="list"
        part="list"
        role="listbox"
        tabindex="0"
        aria-label=${this.label}
        aria-describedby="description"
        aria-activedescendant=${active === null ? nothing : toDomId(active.key)}
        @scroll=${this.#scroll}
        @keydown=${this.#press}
        @click=${this.#click}
        @pointermove=${this.#onPointerMove}
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

  readonly #press = (event: KeyboardEvent) => {
    const { options } = this.#sections;
    const now = performance.now();
    const action = readKey(event, {
      active: this.#active?.index ?? -1,
      count: options.length,
      page: this.#view.page,
      isTyping: isTyping(this.#typed, now),
    });
    if (action === null) return;
    // Escape closes only the list, not a dialog around the picker. Tab keeps its default action, so the focus moves
    // on.
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
    if (action.kind === 'type') {
      this.#typed = addLetter(this.#typed, { letter: action.letter, now });
      const names = options.map(({ model }) => model.name);
      const { text } = this.#typed;
      return this.#activate(options[findTyped(names, { text, active: this.#active?.index ?? -1 })]);
    }
    if (action.kind === 'close') return this.#fire('leave', null);
    this.#typed = NOTHING_TYPED;
    if (action.kind === 'move') return this.#activate(options[action.to]);
    this.#fire(action.kind, this.#active?.model ?? null);
  };

  readonly #click = (event: MouseEvent) => {
    const row = this.#rowAt(event);
    if (row === undefined) return;
    const isStar = (event.target as Element).closest('.star') !== null;
    this.#fire(isStar ? 'star' : 'choose', row.model);
  };

  readonly #onPointerMove = (event: PointerEvent) => {
    // Ignore rows that scroll under a pointer that does not move.
    const pointer = `${event.screenX} ${event.screenY}`;
    const row = pointer === this.#pointerPosition ? undefined : this.#rowAt(event);
    this.#pointerPosition = pointer;
    if (row === undefined || row === this.#active) return;
    this.#active = row;
    this.#view.activate(row);
  };

  #rowAt(event: Event): OptionRow | undefined {
    const option = (event.target as Element).closest<HTMLElement>('.option');
    return this.#sections.options[Number(option?.dataset['index'] ?? -1)];
  }

  #activate(row: OptionRow | undefined): void {
    if (row === undefined) return;
    this.#active = row;
    this.#view.activate(row);
    this.#view.reveal();
  }

  #fire(event: 'choose' | 'star' | 'leave', model: Model | null): void {
    if (model === null && event !== 'leave') return;
    this.dispatchEvent(new CustomEvent(event, { detail: model }));
  }
}
