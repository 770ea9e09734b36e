// What clients of a Paddock see, checked to the last byte.

import { setTimeout as sleep } from 'node:timers/promises';
import { call, open } from '../call.ts';
import { toPieces } from './moody-host.ts';

/** How a chat ended for its client. */
export type Ending =
  /** All of the answer that it was promised came. */
  | 'whole'
  /** The answer broke off, and could be seen to. */
  | 'cut'
  /** Paddock said that the host gave no answer. */
  | 'unreachable'
  /** Paddock said that what the host sent is no answer in HTTP. */
  | 'invalid'
  /** Nothing ended it, and so the client went away. */
  | 'left';

/** A chat as its client saw it. */
export interface Chat {
  readonly ending: Ending;
  readonly status: number;
  readonly text: string;
}

const PATIENCE_MS = 10_000;
let marks = 0;

/** Chats with a model, and goes away where that takes longer than its patience. */
export async function chat(
  url: string,
  options: { model: string; mark?: string; patienceMs?: number; padding?: number },
): Promise<Chat> {
  const { model, mark = '', patienceMs = PATIENCE_MS, padding = 0 } = options;
  const body = JSON.stringify({ model, stream: true, mark, padding: 'x'.repeat(padding) });
  const { opened, leave } = open(`${url}/v1/chat/completions`, { body });
  let isLeaving = false;
  const timer = setTimeout(() => {
    isLeaving = true;
    leave();
  }, patienceMs);
  let status = 0;
  let text = '';
  try {
    const { answer } = await opened;
    status = answer.statusCode ?? 0;
    for await (const chunk of answer) text += String(chunk);
    return { ending: toEnding(status, text), status, text };
  } catch {
    return { ending: isLeaving ? 'left' : 'cut', status, text };
  } finally {
    clearTimeout(timer);
  }
}

function toEnding(status: number, text: string): Ending {
  if (status !== 502) return 'whole';
  if (text.includes('"provider_unreachable"')) return 'unreachable';
  return text.includes('"invalid_response"') ? 'invalid' : 'whole';
}

/** Chats with a host that is well; answers what was wrong about that, or null. */
export async function chatWith(url: string, name: string): Promise<string | null> {
  const mark = String((marks += 1));
  const startedAt = performance.now();
  const { ending, status, text } = await chat(url, { model: `${name}/m`, mark });
  const tookMs = Math.round(performance.now() - startedAt);
  if (status === 200 && text === toPieces(name, mark).join('') && tookMs < 5000) return null;
  return `chat ${mark} with ${name}: ${ending}, ${status}, ${tookMs} ms, ${text.slice(0, 300)}`;
}

/** Reads the catalog; answers where it is wrong about hosts that are well, or null. */
export async function readCatalog(
  url: string,
  { well, query = '' }: { well: readonly string[]; query?: string },
): Promise<string | null> {
  const { status, text } = await call(`${url}/api/models${query}`, { method: 'GET' });
  if (status !== 200) return `catalog: ${status}, ${text}`;
  const { providers } = JSON.parse(text) as {
    providers: { name: string; status: string; models: { id: string }[] }[];
  };
  for (const name of well) {
    const found = providers.find((provider) => provider.name === name);
    const ids = found?.models.map(({ id }) => id).join();
    if (found?.status !== 'online' || ids !== `${name}/m,${name}/only-${name}`) {
      return `catalog: ${JSON.stringify(found)}`;
    }
  }
  return null;
}

/** Sends a favorite; answers the status, or null where there was no answer. */
export async function addFavorite(url: string, id: string): Promise<number | null> {
  try {
    return (await call(`${url}/api/favorites/${id}`, { method: 'PUT' })).status;
  } catch {
    return null;
  }
}

/** The favorites as they are answered. */
export async function listFavorites(url: string): Promise<string[]> {
  const { text } = await call(`${url}/api/favorites`, { method: 'GET' });
  const { favorites } = JSON.parse(text) as { favorites: { id: string }[] };
  return favorites.map(({ id }) => id);
}

/** Does something again and again until it is stopped. */
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
