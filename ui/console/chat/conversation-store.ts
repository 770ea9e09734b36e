import {
  createStore,
  delMany,
  get,
  getMany,
  keys,
  promisifyRequest,
  type UseStore,
} from 'idb-keyval';
import { createId } from '../completion/create-id.ts';
import {
  sortSummaries,
  toRestored,
  toSummary,
  type Conversation,
  type Summary,
} from './conversation.ts';

/**
 * The conversations in this browser's database, each under its own key, so that tabs do not overwrite each other's.
 * They are not sent anywhere.
 */
export interface ConversationStore {
  /** Returns the summaries of all conversations, the latest first. */
  list(): Promise<Summary[]>;
  /** Returns a conversation, or null if it does not exist. */
  load(id: string): Promise<Conversation | null>;
  /**
   * Stores a conversation and returns it as stored. If another tab has written to it since, it is stored under a new
   * ID, so that neither version is lost. Returns null if it has been deleted since.
   */
  save(conversation: Conversation): Promise<Conversation | null>;
  remove(id: string): Promise<void>;
  /**
   * Calls the listener with the ID after another tab has stored or deleted a conversation. The returned function ends
   * that.
   */
  subscribe(listener: (id: string) => void): () => void;
}

const NAME = 'paddock-conversations';
/** A summary is stored next to each conversation, so that listing does not read the conversations. */
const SUMMARY = 'summary:';
const CONVERSATION = 'conversation:';

/** Opens the store. */
export function openConversationStore(): ConversationStore {
  const store = createStore(NAME, 'conversations');
  const channel = new BroadcastChannel(NAME);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none: it is this origin's own
  const notify = (id: string) => channel.postMessage(id);
  return {
    async list() {
      const names = await keys<string>(store);
      const summaries = await getMany<Summary>(
        names.filter((name) => name.startsWith(SUMMARY)),
        store,
      );
      return sortSummaries(summaries.filter((it) => it !== undefined));
    },
    async load(id) {
      const stored = await get<Conversation>(CONVERSATION + id, store);
      return stored === undefined ? null : toRestored(stored);
    },
    async save(conversation) {
      const stored = await write(store, conversation);
      if (stored !== null) notify(stored.id);
      return stored;
    },
    async remove(id) {
      await delMany([CONVERSATION + id, SUMMARY + id], store);
      notify(id);
    },
    subscribe(listener) {
      const onMessage = ({ data }: MessageEvent) => listener(String(data));
      channel.addEventListener('message', onMessage);
      return () => channel.removeEventListener('message', onMessage);
    },
  };
}

/** Reads and writes in one transaction, so that no other tab can write in between. */
function write(useStore: UseStore, conversation: Conversation): Promise<Conversation | null> {
  return useStore('readwrite', async (store) => {
    const existing = (await promisifyRequest(store.get(CONVERSATION + conversation.id))) as
      | Conversation
      | undefined;
    if (existing === undefined && conversation.revision > 0) return null;
    const isUnchanged = (existing?.revision ?? 0) === conversation.revision;
    const id = isUnchanged ? conversation.id : createId();
    const stored = { ...conversation, id, revision: isUnchanged ? conversation.revision + 1 : 1 };
    store.put(stored, CONVERSATION + id);
    store.put(toSummary(stored), SUMMARY + id);
    await promisifyRequest(store.transaction);
    return stored;
  });
}
