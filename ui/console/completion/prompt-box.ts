import { html, LitElement, nothing } from 'lit';
import { controls } from '../controls.ts';
import { icons } from './icons.ts';
import { isSendKey } from './is-send-key.ts';
import { promptStyles } from './prompt-styles.ts';
import { shrinkImage } from './shrink-image.ts';

/** A message that the user has written; pictures are `data:` URLs. */
export interface Prompt {
  readonly text: string;
  readonly images: readonly string[];
}

/** The input for messages. Fires `send` with a `Prompt`, and `stop`. */
export class PromptBox extends LitElement {
  static override properties = {
    placeholder: { attribute: false },
    isBusy: { attribute: false },
    isBlocked: { attribute: false },
    acceptsImages: { attribute: false },
    text: { state: true },
    images: { state: true },
    note: { state: true },
    isTarget: { state: true },
  };
  static override styles = [controls, promptStyles];
  declare placeholder: string;
  /** Whether an answer is in progress, so that the user can stop it. */
  declare isBusy: boolean;
  /** Whether sending is impossible, because there is no model to send to. */
  declare isBlocked: boolean;
  declare acceptsImages: boolean;
  declare text: string;
  declare images: readonly string[];
  declare note: string;
  declare isTarget: boolean;

  constructor() {
    super();
    this.placeholder = '';
    this.isBusy = false;
    this.isBlocked = false;
    this.acceptsImages = false;
    this.text = '';
    this.images = [];
    this.note = '';
    this.isTarget = false;
  }

  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector('textarea')?.focus());
  }

  protected override render() {
    return html`
      <form
        class=${this.isTarget ? 'target' : ''}
        @submit=${this.#submit}
        @dragover=${this.#hover}
        @dragleave=${() => (this.isTarget = false)}
        @drop=${this.#drop}
      >
        ${this.images.length === 0 ? nothing : this.#renderImages()}
        <div class="row">
          ${this.acceptsImages ? this.#renderAttach() : nothing}
          <textarea
            rows="1"
            aria-label="Message"
            placeholder=${this.placeholder}
            .value=${this.text}
            @input=${({ target }: Event) => (this.text = (target as HTMLTextAreaElement).value)}
            @keydown=${this.#press}
            @paste=${this.#paste}
          ></textarea>
          ${this.isBusy ? this.#renderStop() : this.#renderSend()}
        </div>
        <p role="status">${this.#toNote()}</p>
      </form>
    `;
  }

  #renderSend() {
    return html`<button
      class="round primary"
      title="Send (Enter)"
      aria-label="Send"
      ?disabled=${!this.#isReady}
    >
      ${icons.send}
    </button>`;
  }

  #renderStop() {
    return html`<button
      type="button"
      class="round"
      title="Stop (Escape)"
      aria-label="Stop"
      @click=${this.#stop}
    >
      ${icons.stop}
    </button>`;
  }

  #renderImages() {
    return html`<ul class="images" aria-label="Attached pictures">
      ${this.images.map(
        (url, index) =>
          html`<li>
            <img src=${url} alt=${`Picture ${index + 1}`} />
            <button
              type="button"
              aria-label=${`Remove picture ${index + 1}`}
              @click=${() => this.#detach(index)}
            >
              ${icons.close}
            </button>
          </li>`,
      )}
    </ul>`;
  }

  #renderAttach() {
    return html`<label class="attach" title="Attach pictures">
      ${icons.attach}
      <input
        type="file"
        accept="image/*"
        multiple
        aria-label="Attach pictures"
        @change=${this.#choose}
      />
    </label>`;
  }

  #toNote(): string {
    if (this.note !== '') return this.note;
    return this.images.length > 0 && !this.acceptsImages
      ? 'This model does not accept pictures. They will not be sent.'
      : '';
  }

  get #isReady(): boolean {
    const hasImages = this.acceptsImages && this.images.length > 0;
    return !this.isBlocked && (this.text.trim() !== '' || hasImages);
  }

  #press(event: KeyboardEvent): void {
    if (isSendKey(event)) this.#submit(event);
  }

  #submit(event: Event): void {
    event.preventDefault();
    if (this.isBusy || !this.#isReady) return;
    const images = this.acceptsImages ? this.images : [];
    const detail: Prompt = { text: this.text.trim(), images };
    this.text = '';
    this.images = [];
    this.note = '';
    this.dispatchEvent(new CustomEvent('send', { detail }));
  }

  #stop(): void {
    this.dispatchEvent(new CustomEvent('stop'));
    this.focus();
  }

  #detach(index: number): void {
    this.images = this.images.toSpliced(index, 1);
    this.focus();
  }

  #hover(event: DragEvent): void {
    if (!this.acceptsImages || event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    this.isTarget = true;
  }

  #drop(event: DragEvent): void {
    this.isTarget = false;
    if (this.#attach(event.dataTransfer?.files)) event.preventDefault();
  }

  #paste(event: ClipboardEvent): void {
    const { clipboardData: data } = event;
    // Office programs put a picture of the copied text on the clipboard next to the text: paste the text.
    if (data?.types.includes('text/plain') === true) return;
    if (this.#attach(data?.files)) event.preventDefault();
  }

  #choose({ target }: Event): void {
    const input = target as HTMLInputElement;
    this.#attach(input.files ?? undefined);
    input.value = '';
  }

  /** Attaches the pictures among the files. Returns false if there are none. */
  #attach(files: FileList | undefined): boolean {
    const pictures = [...(files ?? [])].filter(({ type }) => type.startsWith('image/'));
    if (pictures.length === 0) return false;
    if (this.acceptsImages) void this.#add(pictures);
    else this.note = 'This model does not accept pictures.';
    return true;
  }

  async #add(files: readonly File[]): Promise<void> {
    this.note = '';
    for (const file of files) {
      try {
        this.images = [...this.images, await shrinkImage(file)];
      } catch {
        this.note = `This browser cannot read ${file.name} as a picture.`;
      }
    }
    this.focus();
  }
}

customElements.define('prompt-box', PromptBox);
