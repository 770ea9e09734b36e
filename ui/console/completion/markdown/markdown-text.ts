import { html, LitElement } from 'lit';
import { copyText } from '../../copy-text.ts';
import { markdownStyles } from './markdown-styles.ts';
import type { Blocks } from './split-blocks.ts';

type Renderer = typeof import('./render-block.ts');

/** The largest share of time that rendering may take while a text grows: a huge block is rendered less often. */
const MAX_RENDER_SHARE = 0.25;

/** How long to wait after the renderer failed to load before loading it again, in milliseconds. */
const RETRY_MS = 10_000;

let renderer: Renderer | null = null;
let loading: Promise<Renderer> | null = null;

/** Renders a Markdown text that may grow: it renders only the blocks that have changed. */
export class MarkdownText extends LitElement {
  static override properties = { text: { attribute: false } };
  static override styles = markdownStyles;
  declare text: string;
  #split: Blocks | null = null;
  /** The source of each rendered block. */
  #rendered: string[] = [];
  #pausedUntil = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.text = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override render() {
    return html`<div class="blocks" @click=${this.#copy}></div>`;
  }

  protected override updated(): void {
    const root = this.renderRoot.querySelector('.blocks');
    if (!(root instanceof HTMLElement)) return;
    if (renderer === null) return void this.#showSource(root);
    const now = performance.now();
    clearTimeout(this.#timer);
    if (now < this.#pausedUntil) {
      this.#timer = setTimeout(() => this.requestUpdate(), this.#pausedUntil - now);
      return;
    }
    this.#renderBlocks(root, renderer);
    const cost = performance.now() - now;
    this.#pausedUntil = cost < 8 ? 0 : now + cost / MAX_RENDER_SHARE;
  }

  /** Shows the source text until the renderer has loaded. */
  #showSource(root: HTMLElement): void {
    root.textContent = this.text;
    root.classList.add('plain');
    loading ??= loadRenderer();
    void this.#renderOnceLoaded(root, loading);
  }

  async #renderOnceLoaded(root: HTMLElement, module: Promise<Renderer>): Promise<void> {
    try {
      renderer = await module;
    } catch {
      // The source text stays readable.
      return;
    }
    if (root.classList.contains('plain')) root.textContent = '';
    root.classList.remove('plain');
    this.requestUpdate();
  }

  #renderBlocks(root: HTMLElement, { renderBlock, splitBlocks, NO_BLOCKS }: Renderer): void {
    this.#split = splitBlocks(this.text, this.#split ?? NO_BLOCKS);
    const { blocks, definitions } = this.#split;
    for (const [index, block] of blocks.entries()) {
      const source = block.includes('[') ? `${block}\n\n${definitions}` : block;
      if (this.#rendered[index] === source) continue;
      const element = root.children[index] ?? root.appendChild(createBlock());
      element.replaceChildren(renderBlock(block, definitions));
      this.#rendered[index] = source;
    }
    while (root.children.length > blocks.length) root.lastElementChild?.remove();
    this.#rendered.length = blocks.length;
  }

  async #copy({ target }: MouseEvent): Promise<void> {
    if (!(target instanceof HTMLButtonElement) || !target.matches('.copy')) return;
    const code = target.closest('.code')?.querySelector('pre')?.textContent ?? '';
    target.textContent = (await copyText(code)) ? 'Copied' : 'Copy failed';
    setTimeout(() => (target.textContent = 'Copy'), 1500);
  }
}

/**
 * Loads the renderer. After a failure the next text tries again, but not before RETRY_MS: a stream has many texts a
 * second.
 */
async function loadRenderer(): Promise<Renderer> {
  try {
    return await import('./render-block.ts');
  } catch (fault) {
    setTimeout(() => (loading = null), RETRY_MS);
    throw fault;
  }
}

function createBlock(): HTMLElement {
  const block = document.createElement('div');
  block.className = 'block';
  return block;
}

customElements.define('markdown-text', MarkdownText);
