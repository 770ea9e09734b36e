import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { controls } from '../controls.ts';
import { CopyButton } from '../copy-button.ts';
import { isInProgress, type Answer, type Picture } from './answer.ts';
import { answerStyles } from './answer-styles.ts';
import { toFinishLabel } from './finish-label.ts';
import { icons } from './icons.ts';
import { MarkdownText } from './markdown/markdown-text.ts';
import { toMetricsLabel } from './metrics.ts';
import type { Target } from './target.ts';
import { toWaitingLabel } from './waiting-label.ts';

/** Shows an answer in any state. Fires `again` when the user asks for another answer in its place. */
export class AnswerView extends LitElement {
  static override properties = {
    answer: { attribute: false },
    target: { attribute: false },
    busyWith: { attribute: false },
    badges: { attribute: false },
    canRepeat: { attribute: false },
    isOpen: { state: true },
  };
  static override styles = [controls, answerStyles];
  /** The custom elements that the template uses. */
  static readonly parts = [CopyButton, MarkdownText];
  declare answer: Answer | null;
  /** The requested model, from the current catalog. */
  declare target: Target | null;
  /** Another model of the same provider that streams an answer to this page, or null. */
  declare busyWith: string | null;
  /** Labels that set the answer apart from others. */
  declare badges: readonly string[];
  declare canRepeat: boolean;
  /** Whether the reasoning is shown, once the user has toggled it; null before. */
  declare isOpen: boolean | null;

  constructor() {
    super();
    this.answer = null;
    this.target = null;
    this.busyWith = null;
    this.badges = [];
    this.canRepeat = false;
    this.isOpen = null;
  }

  protected override render() {
    const { answer } = this;
    if (answer === null) return nothing;
    const { respondent, content, pictures, state } = answer;
    return html`
      <article aria-busy=${isInProgress(answer)} aria-label=${`Answer of ${respondent.name}`}>
        <header>
          <h2>${respondent.name}</h2>
          <span>${respondent.label}</span>
          ${this.badges.map((badge) => html`<em>${badge}</em>`)}
        </header>
        ${this.#renderReasoning(answer)}
        ${content === '' ? nothing : html`<markdown-text .text=${content}></markdown-text>`}
        ${pictures.map((picture, index) => renderPicture(picture, index))}
        ${state === 'waiting' ? this.#renderWaiting(answer) : nothing} ${this.#renderEnd(answer)}
        <footer>
          <span class="metrics">${toMetricsLabel(answer)}</span>
          ${isInProgress(answer) ? nothing : this.#renderActions(answer)}
        </footer>
      </article>
    `;
  }

  #renderReasoning({ reasoning, content, state }: Answer) {
    if (reasoning === '') return nothing;
    const isThinking = state === 'streaming' && content === '';
    // The reasoning is open while there is no other content to read.
    const isOpen = this.isOpen ?? content === '';
    return html`
      <details class="reasoning" ?open=${isOpen}>
        <summary @click=${this.#toggle}>${isThinking ? 'Thinking…' : 'Reasoning'}</summary>
        <markdown-text .text=${reasoning}></markdown-text>
      </details>
    `;
  }

  #renderWaiting(answer: Answer) {
    const target = this.target ?? { model: answer.respondent.id, aliases: [] };
    const label = toWaitingLabel(answer, { target, busyWith: this.busyWith });
    return html`<p class="waiting"><i></i><span>${label}</span></p>`;
  }

  #renderEnd({ state, fault, finish }: Answer) {
    if (fault !== null) {
      return html`
        <div class="fault" role="alert">
          <p>${fault.words}</p>
          ${fault.detail === null ? nothing : html`<p class="quiet-text">${fault.detail}</p>`}
          ${this.canRepeat ? html`<button @click=${this.#again}>Try again</button>` : nothing}
        </div>
      `;
    }
    if (state === 'stopped') return html`<p class="note">Stopped.</p>`;
    const label = toFinishLabel(finish);
    return label === null ? nothing : html`<p class="note">${label}</p>`;
  }

  #renderActions({ content, fault }: Answer): TemplateResult {
    return html`
      ${
        content === ''
          ? nothing
          : html`<copy-button title="Copy answer" subject="answer" .text=${content}
              >${icons.copy}</copy-button
            >`
      }
      ${
        this.canRepeat && fault === null
          ? html`<button
              class="quiet icon"
              title="Answer again"
              aria-label="Answer again"
              @click=${this.#again}
            >
              ${icons.again}
            </button>`
          : nothing
      }
    `;
  }

  #toggle(event: Event): void {
    event.preventDefault();
    const details = this.renderRoot.querySelector('details');
    this.isOpen = details?.open !== true;
  }

  #again(): void {
    this.dispatchEvent(new CustomEvent('again'));
  }
}

function renderPicture({ url, caption }: Picture, index: number) {
  const name = `picture-${index + 1}.${/^data:image\/(\w+)/u.exec(url)?.[1] ?? 'png'}`;
  if (!url.startsWith('data:')) {
    return html`<p>
      <a href=${url} target="_blank" rel="noopener noreferrer">Picture on another server</a>
    </p>`;
  }
  return html`
    <figure>
      <img src=${url} alt=${caption ?? 'Picture generated by the model'} />
      <figcaption>
        ${caption === null ? nothing : html`<span>${caption}</span>`}
        <a href=${url} download=${name}>Download</a>
      </figcaption>
    </figure>
  `;
}

customElements.define('answer-view', AnswerView);
