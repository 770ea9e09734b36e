import { StoredText } from '../stored-text.ts';
import { createConversation, type Summary } from './conversation.ts';
import { openConversationStore, type ConversationStore } from './conversation-store.ts';
import { OpenConversation } from './open-conversation.ts';

/** The ID of the conversation that this tab shows, so that a reload shows it again. */
const currentId = new StoredText('sessionStorage', 'paddock-conversation');

/** All conversations of this browser and the current one. Answers continue while another view is open. */
export class ChatSession {
  readonly #store: ConversationStore;
  readonly #listeners = new Set<() => void>();
  readonly #open = new Set<OpenConversation>();
  #shown: OpenConversation;
  #summaries: readonly Summary[] = [];
  #storageError: string | null = null;
  #isRestored = false;

  constructor(store: ConversationStore = openConversationStore()) {
    this.#store = store;
    this.#shown = this.#create();
    store.subscribe((id) => void this.#reload(id));
    addEventListener('pagehide', () => this.#open.forEach((it) => void it.save()));
    void this.#restore();
  }

  /** The stored conversations, the latest first. */
  get summaries(): readonly Summary[] {
    return this.#summaries;
  }

  get shown(): OpenConversation {
    return this.#shown;
  }

  /** The reason why conversations are not stored, or null if they are. */
  get storageError(): string | null {
    return this.#storageError;
  }

  /** Whether the stored conversations have been read. */
  get isRestored(): boolean {
    return this.#isRestored;
  }

  /** Calls the listener after every change. The returned function ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Shows a new conversation. */
  start(): void {
    if (this.#shown.dialogue.exchanges.length === 0) return;
    this.#show(this.#create());
  }

  /** Shows a stored conversation. */
  async open(id: string): Promise<void> {
    const known = [...this.#open].find((it) => it.id === id && it.dialogue.isBusy);
    if (known !== undefined) return this.#show(known);
    await this.#attempt(async () => {
      const stored = await this.#store.load(id);
      if (stored !== null) this.#show(this.#create(stored));
    });
  }

  /** Deletes a conversation permanently and stops its answer. */
  async remove(id: string): Promise<void> {
    this.#forget(id);
    await this.#attempt(async () => {
      await this.#store.remove(id);
      await this.#list();
    });
  }

  #create(stored = createConversation()): OpenConversation {
    const conversation: OpenConversation = new OpenConversation(stored, {
      store: this.#store,
      onChange: () => conversation === this.#shown && this.#publish(),
      onSaved: (fault) => void this.#onSaved(fault),
    });
    this.#open.add(conversation);
    return conversation;
  }

  #show(conversation: OpenConversation): void {
    this.#shown = conversation;
    for (const it of this.#open)
      if (it !== conversation && !it.dialogue.isBusy) this.#open.delete(it);
    currentId.write(conversation.id);
    this.#publish();
  }

  #forget(id: string): void {
    for (const it of this.#open) {
      if (it.id !== id) continue;
      it.drop();
      this.#open.delete(it);
      if (it === this.#shown) this.#show(this.#create());
    }
  }

  async #restore(): Promise<void> {
    const id = currentId.read();
    await this.#attempt(async () => {
      const stored = id === null ? null : await this.#store.load(id);
      if (stored !== null && this.#shown.dialogue.exchanges.length === 0) {
        this.#show(this.#create(stored));
      }
      await this.#list();
    });
    this.#isRestored = true;
    this.#publish();
  }

  async #onSaved(fault: unknown): Promise<void> {
    this.#setStorageError(fault);
    currentId.write(this.#shown.id);
    if (fault === null) await this.#attempt(() => this.#list());
  }

  /** Runs an operation of the store and shows an error if it fails. */
  async #attempt(operation: () => Promise<void>): Promise<void> {
    try {
      await operation();
    } catch (fault) {
      this.#setStorageError(fault);
    }
  }

  #setStorageError(fault: unknown): void {
    this.#storageError =
      fault === null
        ? null
        : 'This browser cannot store conversations. They are lost when you close the page.';
    this.#publish();
  }

  /** Handles a message from another tab: it has stored or deleted a conversation. */
  async #reload(id: string): Promise<void> {
    await this.#attempt(async () => {
      await this.#list();
      const own = [...this.#open].find((it) => it.id === id);
      if (own === undefined) return;
      const stored = await this.#store.load(id);
      if (stored === null) this.#forget(id);
      else if (own === this.#shown && !own.dialogue.isBusy) this.#show(this.#create(stored));
    });
  }

  async #list(): Promise<void> {
    this.#summaries = await this.#store.list();
    this.#publish();
  }

  #publish(): void {
    for (const listener of this.#listeners) listener();
  }
}

let session: ChatSession | null = null;

/** Returns the page's only session. */
export function shareChatSession(): ChatSession {
  session ??= new ChatSession();
  return session;
}
