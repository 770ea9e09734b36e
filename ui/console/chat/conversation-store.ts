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
 * Conversations in this browser's own database, each under a key of its own, so that tabs do not write over each other's.
 * What is kept here is sent nowhere.
 */
export interface ConversationStore {
  /** All of them, the latest first. */
  list(): Promise<Summary[]>;
  /** One of them, or null where it is not there. */
  load(id: string): Promise<Conversation | null>;
  /**
   * Keeps one, and answers it as it is kept: under another ID where another tab has written to it meanwhile, so that
   * neither is lost; null where it was deleted meanwhile.
   */
  save(conversation: Conversation): Promise<Conversation | null>;
  remove(id: string): Promise<void>;
  /** Calls back with the ID whenever another tab has kept or removed one, until the answer is called. */
  watch(listener: (id: string) => void): () => void;
}

const NAME = 'paddock-conversations';
/** A summary stands beside each, for the list to be read without them. */
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

/** Reads what is there and writes in one transaction: no other tab comes between. */
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
