// chat/ is the view for conversations with one model: it lists them and stores them in the browser. completion/
// requests and renders the answers.

import { html, LitElement, nothing } from 'lit';
import { FleetController } from '../../fleet/fleet-controller.ts';
import type { FleetFeed } from '../../fleet/fleet-feed.ts';
import { ModelPicker } from '../../picker/model-picker.ts';
import type { Repetition } from '../completion/exchange-view.ts';
import { icons } from '../completion/icons.ts';
import { MessageLog } from '../completion/message-log.ts';
import { ParameterFields } from '../completion/parameter-fields.ts';
import { countSet, type Parameters } from '../completion/parameters.ts';
import { pickDefaultModel } from '../completion/pick-default-model.ts';
import { PromptBox, type Prompt } from '../completion/prompt-box.ts';
import { stopOnEscape } from '../completion/stop-on-escape.ts';
import { findTarget, type Target } from '../completion/target.ts';
import { controls } from '../controls.ts';
import { updateOnChange } from '../update-on-change.ts';
import { shareChatSession } from './chat-session.ts';
import { chatStyles } from './chat-styles.ts';
import { ConversationList } from './conversation-list.ts';
import { lastModel } from './last-model.ts';

/** Sends messages to one model at a time, in conversations that are stored in this browser. */
export class ChatView extends LitElement {
  static override properties = {
    feed: { attribute: false },
    hasList: { state: true },
    hasParameters: { state: true },
  };
  static override styles = [controls, chatStyles];
  /** The custom elements that the template uses. */
  static readonly parts = [ConversationList, MessageLog, ModelPicker, ParameterFields, PromptBox];
  declare feed: FleetFeed | null;
  /** Whether the list of conversations is open, in a window too narrow to show it all the time. */
  declare hasList: boolean;
  declare hasParameters: boolean;
  readonly #fleet = new FleetController(this);
  readonly #session = shareChatSession();

  constructor() {
    super();
    this.feed = null;
    this.hasList = false;
    this.hasParameters = false;
    updateOnChange(this, this.#session);
    stopOnEscape(this, () => (this.hasList ? this.#toggleList() : this.#stop()));
  }

  protected override willUpdate(): void {
    this.#fleet.follow(this.feed);
  }

  protected override firstUpdated(): void {
    this.#promptBox?.focus();
  }

  protected override render() {
    const { shown, summaries } = this.#session;
    return html`
      <aside class=${this.hasList ? 'opened' : ''}>
        <conversation-list
          .summaries=${summaries}
          .shown=${shown.id}
          @start=${this.#start}
          @open=${({ detail }: CustomEvent<string>) => this.#open(detail)}
          @remove=${({ detail }: CustomEvent<string>) => void this.#session.remove(detail)}
        ></conversation-list>
      </aside>
      ${this.hasList ? html`<div class="veil" @click=${this.#toggleList}></div>` : nothing}
      <section aria-label="Conversation">
        ${this.#renderBar()} ${this.#renderMessages()}
        <div class="bottom">${this.#renderPrompt()}</div>
      </section>
    `;
  }

  #renderBar() {
    const { parameters } = this.#session.shown;
    const count = countSet(parameters);
    return html`
      <div class="bar">
        <button
          class="quiet icon narrow"
          aria-label="Conversations"
          aria-expanded=${this.hasList}
          @click=${this.#toggleList}
        >
          ${icons.list}
        </button>
        <model-picker
          label="Model"
          .feed=${this.feed}
          .value=${this.#model ?? ''}
          @change=${this.#chooseModel}
        ></model-picker>
        <button
          class="quiet icon"
          aria-label="Parameters"
          aria-expanded=${this.hasParameters}
          @click=${() => (this.hasParameters = !this.hasParameters)}
        >
          ${icons.settings}<span>Parameters${count === 0 ? '' : ` (${count})`}</span>
        </button>
      </div>
      ${
        this.hasParameters
          ? html`<parameter-fields
              .value=${parameters}
              @change=${({ detail }: CustomEvent<Parameters>) =>
                this.#session.shown.configure({ parameters: detail })}
            ></parameter-fields>`
          : nothing
      }
    `;
  }

  #renderMessages() {
    const { shown, isRestored, storageError } = this.#session;
    const { catalog } = this.#fleet.state;
    const { exchanges } = shown.dialogue;
    const isNew = exchanges.length === 0;
    return html`
      <message-log
        label="Messages"
        .exchanges=${exchanges}
        .catalog=${catalog}
        .canEdit=${true}
        @repeat=${({ detail }: CustomEvent<Repetition>) => this.#ask(detail)}
      >
        ${storageError === null ? nothing : html`<p class="error" role="status">${storageError}</p>`}
        ${isNew ? nothing : html`<h1 class="unseen">${shown.title}</h1>`}
        ${isNew && isRestored && catalog !== null ? this.#renderWelcome() : nothing}
      </message-log>
    `;
  }

  #renderWelcome() {
    const target = this.#target;
    return html`
      <div class="welcome">
        <h1>${target === null ? 'No models are available' : `Ask ${target.name}`}</h1>
        <p>
          ${
            target === null
              ? 'Models appear here as soon as a host is online.'
              : `${target.canChat ? `It runs on ${target.label}.` : `${target.label} does not list it for chat.`} Conversations are stored only in this browser.`
          }
        </p>
      </div>
    `;
  }

  #renderPrompt() {
    const target = this.#target;
    return html`<prompt-box
      .placeholder=${target === null ? '' : `Message to ${target.name}`}
      .isBusy=${this.#session.shown.dialogue.isBusy}
      .isBlocked=${target === null}
      .acceptsImages=${target !== null && (target.hasVision || target.editsImages)}
      @send=${({ detail }: CustomEvent<Prompt>) => this.#ask(detail)}
      @stop=${this.#stop}
    ></prompt-box>`;
  }

  /** The ID of the model that the next message goes to. */
  get #model(): string | null {
    const { catalog } = this.#fleet.state;
    const { model } = this.#session.shown;
    return model ?? (catalog === null ? null : pickDefaultModel(catalog, lastModel.read()));
  }

  get #target(): Target | null {
    const model = this.#model;
    return model === null ? null : findTarget(this.#fleet.state.catalog, model);
  }

  get #log(): MessageLog | null {
    return this.renderRoot.querySelector('message-log');
  }

  get #promptBox(): PromptBox | null {
    return this.renderRoot.querySelector('prompt-box');
  }

  #ask({ id, text, images }: Prompt & Partial<Repetition>): void {
    const target = this.#target;
    if (this.feed === null || target === null) return;
    const { shown } = this.#session;
    lastModel.write(target.id);
    shown.ask({
      gateway: this.feed.gateway,
      target,
      parameters: shown.parameters,
      text,
      images,
      ...(id !== undefined && { replaces: id }),
    });
    this.#log?.goToEnd();
  }

  #chooseModel({ target }: Event): void {
    this.#session.shown.configure({ model: (target as ModelPicker).value });
  }

  #stop(): void {
    this.#session.shown.dialogue.stop();
  }

  #toggleList(): void {
    this.hasList = !this.hasList;
    if (this.hasList) this.renderRoot.querySelector<ConversationList>('conversation-list')?.focus();
    else this.renderRoot.querySelector<HTMLElement>('.narrow')?.focus();
  }

  #start(): void {
    this.hasList = false;
    this.#session.start();
    this.#promptBox?.focus();
  }

  async #open(id: string): Promise<void> {
    this.hasList = false;
    await this.#session.open(id);
    this.#log?.goToEnd();
    this.#promptBox?.focus();
  }
}

customElements.define('chat-view', ChatView);
