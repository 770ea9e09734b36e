// Requests that reach an upstream at the moment when it closes an idle connection.

import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './call.ts';
import { jsonAnswer, startRawHost, type RawHost } from './trust/raw-host.ts';

/** An upstream that closes each connection that is idle for `idleMs` after an answer. */
export function startImpatientHost({
  idleMs,
  hint,
}: {
  idleMs: number;
  /** The value of its `Keep-Alive` header. */
  hint?: string;
}): Promise<RawHost> {
  const head = `HTTP/1.1 200 OK${hint === undefined ? '' : `\r\nkeep-alive: ${hint}`}`;
  const timers = new WeakMap<object, NodeJS.Timeout>();
  return startRawHost((socket, request) => {
    clearTimeout(timers.get(socket));
    socket.write(jsonAnswer({ nonce: toNonce(request) }, head));
    const end = () => void (socket.bytesRead === bytes && socket.end());
    const bytes = socket.bytesRead;
    timers.set(socket, setTimeout(end, idleMs));
  });
}

function toNonce(request: string): number {
  return (JSON.parse(request.slice(request.indexOf('\r\n\r\n'))) as { nonce: number }).nonce;
}

/** The results of many tries. */
interface Tries {
  readonly tries: number;
  /** The numbers of those without an answer. */
  readonly lost: readonly number[];
  /** How many requests reached the upstream more than once. */
  readonly doubled: number;
}

/** Several clients send requests at once. Each waits `idleMs` between an answer and its next request. */
export async function tryAfter(
  paddock: { url: string; provider: string; host: RawHost },
  {
    idleMs,
    clients,
    rounds,
    jitterMs = 8,
  }: { idleMs: number; clients: number; rounds: number; jitterMs?: number },
): Promise<Tries> {
  const { url, provider, host } = paddock;
  const lost: number[] = [];
  let next = 0;
  const work = async () => {
    for (let round = 0; round < rounds; round += 1) {
      const nonce = (next += 1);
      const body = JSON.stringify({ model: `${provider}/m`, nonce });
      const { status, text } = await call(`${url}/v1/chat/completions`, { body });
      if (status !== 200 || JSON.parse(text).nonce !== nonce) lost.push(nonce);
      await sleep(idleMs + (Math.random() * 2 - 1) * jitterMs);
    }
  };
  host.received.length = 0;
  await Promise.all(Array.from({ length: clients }, work));
  const nonces = host.received.map(toNonce);
  return { tries: next, lost, doubled: nonces.length - new Set(nonces).size };
}
