import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { Seen } from './judge-answer.ts';

/** A request, and how its client behaves. */
export interface Sending {
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** After so many milliseconds it goes away. */
  readonly leaveAfterMs?: number;
  /** After so many bytes of an answer of 200 it goes away. */
  readonly leaveAfterBytes?: number;
  /** How long it waits after each piece that it has read, in milliseconds. */
  readonly pauseMs?: number;
}

/** How long an answer may be silent before it counts as lost: longer than any host is stopped. */
const SILENCE_MS = 60_000;

/** Sends a request, and tells what came of it, whatever it was; it never rejects. */
export async function send(paddock: Dispatcher, sending: Sending): Promise<Seen> {
  const { path, method = 'GET', headers = {}, body = null, leaveAfterMs } = sending;
  const from = performance.now();
  const leaving = new AbortController();
  const timer =
    leaveAfterMs === undefined ? undefined : setTimeout(() => leaving.abort(), leaveAfterMs);
  let head: Pick<Seen, 'status' | 'headers'> = { status: null, headers: {} };
  const pieces: Buffer[] = [];
  let end: Seen['end'];
  try {
    const answer = await paddock.request({
      path,
      method,
      headers,
      body,
      signal: leaving.signal,
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
    });
    head = { status: answer.statusCode, headers: answer.headers };
    const leaveAfterBytes = answer.statusCode === 200 ? sending.leaveAfterBytes : undefined;
    await read(answer.body, {
      pieces,
      pauseMs: sending.pauseMs ?? 0,
      leaveAfterBytes: leaveAfterBytes ?? Infinity,
      leave: () => leaving.abort(),
    });
    end = 'whole';
  } catch (error) {
    const isSilent = error instanceof Error && /Timeout/u.test(error.name);
    if (leaving.signal.aborted) end = 'left';
    else end = isSilent ? 'silent' : 'cut';
  } finally {
    clearTimeout(timer);
  }
  // An incomplete character is left out.
  const text = new StringDecoder().write(Buffer.concat(pieces));
  return { ...head, text, end, from, to: performance.now() };
}

async function read(
  body: AsyncIterable<Buffer>,
  reading: { pieces: Buffer[]; pauseMs: number; leaveAfterBytes: number; leave: () => void },
): Promise<void> {
  const { pieces, pauseMs, leaveAfterBytes, leave } = reading;
  let size = 0;
  for await (const piece of body) {
    pieces.push(piece);
    size += piece.length;
    if (size >= leaveAfterBytes) leave();
    if (pauseMs > 0) await sleep(pauseMs);
  }
}
