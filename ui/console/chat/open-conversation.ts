import { Dialogue, type Question } from '../completion/dialogue.ts';
import type { Parameters } from '../completion/parameters.ts';
import { toTitle, type Conversation } from './conversation.ts';
import type { ConversationStore } from './conversation-store.ts';

/** How often an answer that comes is kept, in milliseconds. */
const SAVE_EVERY_MS = 1000;

/** Told of what happens to an open conversation. */
interface Listeners {
  /** Something of it has changed. */
  readonly onChange: () => void;
  /** It was kept, or could not be. */
  readonly onSaved: (fault: unknown) => void;
}

/** A conversation that is talked in: it asks, and keeps itself as it grows. */
export class OpenConversation {
  readonly dialogue: Dialogue;
  #kept: Conversation;
  readonly #store: ConversationStore;
  readonly #listeners: Listeners;
  #saving: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isDropped = false;

  constructor(
    conversation: Conversation,
    { store, ...listeners }: Listeners & { readonly store: ConversationStore },
  ) {
    this.#kept = conversation;
    this.#store = store;
    this.#listeners = listeners;
    this.dialogue = new Dialogue(conversation.exchanges, () => this.#change());
  }

  get id(): string {
    return this.#kept.id;
  }

  get title(): string {
    return toTitle(this.dialogue.exchanges);
  }

  get model(): string | null {
    return this.#kept.model;
  }

  get parameters(): Parameters {
    return this.#kept.parameters;
  }

  /** Asks, as `Dialogue` does. */
  ask(question: Question): void {
    this.#kept = { ...this.#kept, askedAt: Date.now(), model: question.target.id };
    this.dialogue.ask(question);
    void this.save();
  }

  /** Changes whom it asks, or how; it is kept once something has been said in it. */
  configure(change: Partial<Pick<Conversation, 'model' | 'parameters'>>): void {
    this.#kept = { ...this.#kept, ...change };
    this.#change();
  }

  /** Ends what is under way and keeps nothing more: it has been deleted. */
  drop(): void {
    this.#isDropped = true;
    this.dialogue.stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Keeps it now. */
  save(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // One after the other: each needs the revision of the one before.
    this.#saving = this.#saving.then(() => this.#write());
    return this.#saving;
  }

  async #write(): Promise<void> {
    const { exchanges } = this.dialogue;
    if (this.#isDropped || exchanges.length === 0) return;
    try {
      const kept = await this.#store.save({ ...this.#kept, exchanges });
      if (kept !== null) this.#kept = { ...this.#kept, id: kept.id, revision: kept.revision };
      this.#listeners.onSaved(null);
    } catch (fault) {
      this.#listeners.onSaved(fault);
    }
  }

  #change(): void {
    this.#listeners.onChange();
    if (this.#isDropped) return;
    if (!this.dialogue.isBusy) void this.save();
    else this.#timer ??= setTimeout(() => void this.save(), SAVE_EVERY_MS);
  }
}
