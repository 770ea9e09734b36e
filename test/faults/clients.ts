// Clients of Paddock that check every byte of their answers.

import { setTimeout as sleep } from 'node:timers/promises';
import { call, open } from '../call.ts';
import { toPieces } from './test-upstream.ts';

/** How a chat ended for the client. */
export type ChatEnd =
  /** The answer is complete. */
  | 'whole'
  /** The connection broke before the end of the answer. */
  | 'cut'
  /** Paddock returned provider_unreachable. */
  | 'unreachable'
  /** Paddock returned invalid_response. */
  | 'invalid'
  /** The client left after its timeout. */
  | 'left';

/** What the client received. */
export interface Chat {
  readonly ending: ChatEnd;
  readonly status: number;
  readonly text: string;
}

const LEAVE_AFTER_MS = 10_000;
/** The longest duration of a chat with a healthy provider, on a busy machine. */
const SLOWEST_MS = 9000;
let marks = 0;

/** Sends a chat, and leaves after `leaveAfterMs`. */
export async function chat(
  url: string,
  options: { model: string; mark?: string; leaveAfterMs?: number; padding?: number },
): Promise<Chat> {
  const { model, mark = '', leaveAfterMs = LEAVE_AFTER_MS, padding = 0 } = options;
  const body = JSON.stringify({ model, stream: true, mark, padding: 'x'.repeat(padding) });
  const { opened, leave } = open(`${url}/v1/chat/completions`, { body });
  let isLeaving = false;
  const timer = setTimeout(() => {
    isLeaving = true;
    leave();
  }, leaveAfterMs);
  let status = 0;
  let text = '';
  try {
    const { answer } = await opened;
    status = answer.statusCode ?? 0;
    for await (const chunk of answer) text += String(chunk);
    return { ending: toChatEnd(status, text), status, text };
  } catch {
    return { ending: isLeaving ? 'left' : 'cut', status, text };
  } finally {
    clearTimeout(timer);
  }
}

function toChatEnd(status: number, text: string): ChatEnd {
  if (status !== 502) return 'whole';
  if (text.includes('"provider_unreachable"')) return 'unreachable';
  return text.includes('"invalid_response"') ? 'invalid' : 'whole';
}

/** Sends a chat to a healthy provider. Returns what was wrong, or null. */
export async function chatWith(url: string, name: string): Promise<string | null> {
  const mark = String((marks += 1));
  const startedAt = performance.now();
  const { ending, status, text } = await chat(url, { model: `${name}/m`, mark });
  const tookMs = Math.round(performance.now() - startedAt);
  if (status === 200 && text === toPieces(name, mark).join('') && tookMs < SLOWEST_MS) return null;
  return `chat ${mark} with ${name}: ${ending}, ${status}, ${tookMs} ms, ${text.slice(0, 300)}`;
}

/** Reads the catalog. Returns what is wrong about healthy providers, or null. */
export async function readCatalog(
  url: string,
  { healthy, query = '' }: { healthy: readonly string[]; query?: string },
): Promise<string | null> {
  const { status, text } = await call(`${url}/api/models${query}`, { method: 'GET' });
  if (status !== 200) return `catalog: ${status}, ${text}`;
  const { providers } = JSON.parse(text) as {
    providers: { name: string; status: string; models: { id: string }[] }[];
  };
  for (const name of healthy) {
    const found = providers.find((provider) => provider.name === name);
    const ids = found?.models.map(({ id }) => id).join();
    if (found?.status !== 'online' || ids !== `${name}/m,${name}/only-${name}`) {
      return `catalog: ${JSON.stringify(found)}`;
    }
  }
  return null;
}

/** Adds a favorite. Returns the status, or null without an answer. */
export async function addFavorite(url: string, id: string): Promise<number | null> {
  try {
    return (await call(`${url}/api/favorites/${id}`, { method: 'PUT' })).status;
  } catch {
    return null;
  }
}

/** The IDs of the favorites. */
export async function listFavorites(url: string): Promise<string[]> {
  const { text } = await call(`${url}/api/favorites`, { method: 'GET' });
  const { favorites } = JSON.parse(text) as { favorites: { id: string }[] };
  return favorites.map(({ id }) => id);
}

/** Repeats work until the returned function is called. */
export function repeat(work: () => Promise<void>, pauseMs: number): () => Promise<void> {
  const stopping = new AbortController();
  const working = (async () => {
    while (!stopping.signal.aborted) {
      await work();
      await sleep(pauseMs);
    }
  })();
  return async () => {
    stopping.abort();
    await working;
  };
}
