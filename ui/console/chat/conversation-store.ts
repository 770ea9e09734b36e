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
  watch(listener: (id: string) => void): () => void;
}

const NAME = 'paddock-conversations';
/** A summary is stored next to each conversation, so that listing does not read the conversations. */
const SUMMARY = 'summary:';
const WHOLE = 'conversation:';

/** Opens the store. */
export function openConversationStore(): ConversationStore {
  const store = createStore(NAME, 'conversations');
  const channel = new BroadcastChannel(NAME);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none: it is this origin's own
  const tell = (id: string) => channel.postMessage(id);
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
      const kept = await get<Conversation>(WHOLE + id, store);
      return kept === undefined ? null : toRestored(kept);
    },
    async save(conversation) {
      const kept = await write(store, conversation);
      if (kept !== null) tell(kept.id);
      return kept;
    },
    async remove(id) {
      await delMany([WHOLE + id, SUMMARY + id], store);
      tell(id);
    },
    watch(listener) {
      const hear = ({ data }: MessageEvent) => listener(String(data));
      channel.addEventListener('message', hear);
      return () => channel.removeEventListener('message', hear);
    },
  };
}

/** Reads and writes in one transaction, so that no other tab can write in between. */
function write(useStore: UseStore, conversation: Conversation): Promise<Conversation | null> {
  return useStore('readwrite', async (store) => {
    const there = (await promisifyRequest(store.get(WHOLE + conversation.id))) as
      | Conversation
      | undefined;
    if (there === undefined && conversation.revision > 0) return null;
    const isOurs = (there?.revision ?? 0) === conversation.revision;
    const id = isOurs ? conversation.id : createId();
    const kept = { ...conversation, id, revision: isOurs ? conversation.revision + 1 : 1 };
    store.put(kept, WHOLE + id);
    store.put(toSummary(kept), SUMMARY + id);
    await promisifyRequest(store.transaction);
    return kept;
  });
}
