import { Dialogue, type Question } from '../completion/dialogue.ts';
import type { Parameters } from '../completion/parameters.ts';
import { toTitle, type Conversation } from './conversation.ts';
import type { ConversationStore } from './conversation-store.ts';

/** How often an answer in progress is stored, in milliseconds. */
const SAVE_INTERVAL_MS = 1000;

/** The listeners of an open conversation. */
interface Listeners {
  /** Called after every change. */
  readonly onChange: () => void;
  /** Called after the conversation was stored, with null, or could not be, with the error. */
  readonly onSaved: (fault: unknown) => void;
}

/** A conversation in use: it sends questions and stores itself as it grows. */
export class OpenConversation {
  readonly dialogue: Dialogue;
  #stored: Conversation;
  readonly #store: ConversationStore;
  readonly #listeners: Listeners;
  #saving: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isDeleted = false;

  constructor(
    conversation: Conversation,
    { store, ...listeners }: Listeners & { readonly store: ConversationStore },
  ) {
    this.#stored = conversation;
    this.#store = store;
    this.#listeners = listeners;
    this.dialogue = new Dialogue(conversation.exchanges, () => this.#change());
  }

  get id(): string {
    return this.#stored.id;
  }

  get title(): string {
    return toTitle(this.dialogue.exchanges);
  }

  get model(): string | null {
    return this.#stored.model;
  }

  get parameters(): Parameters {
    return this.#stored.parameters;
  }

  /** Sends a question, like `Dialogue.ask`. */
  ask(question: Question): void {
    this.#stored = { ...this.#stored, askedAt: Date.now(), model: question.target.id };
    this.dialogue.ask(question);
    void this.save();
  }

  /** Changes the model or the parameters. The change is stored once the conversation has a question. */
  configure(change: Partial<Pick<Conversation, 'model' | 'parameters'>>): void {
    this.#stored = { ...this.#stored, ...change };
    this.#change();
  }

  /** Stops the answer in progress and stores nothing more, after the conversation was deleted. */
  drop(): void {
    this.#isDeleted = true;
    this.dialogue.stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Stores the conversation now. */
  save(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // Write one at a time: each write needs the revision of the one before.
    this.#saving = this.#saving.then(() => this.#write());
    return this.#saving;
  }

  async #write(): Promise<void> {
    const { exchanges } = this.dialogue;
    if (this.#isDeleted || exchanges.length === 0) return;
    try {
      const stored = await this.#store.save({ ...this.#stored, exchanges });
      if (stored !== null)
        this.#stored = { ...this.#stored, id: stored.id, revision: stored.revision };
      this.#listeners.onSaved(null);
    } catch (fault) {
      this.#listeners.onSaved(fault);
    }
  }

  #change(): void {
    this.#listeners.onChange();
    if (this.#isDeleted) return;
    if (!this.dialogue.isBusy) void this.save();
    else this.#timer ??= setTimeout(() => void this.save(), SAVE_INTERVAL_MS);
  }
}
