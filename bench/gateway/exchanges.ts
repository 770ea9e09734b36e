// The requests and answers of the benchmark. The client and the upstream both know them.

import type { Exchange } from '../load/measure-load.ts';
import { toRequest } from '../load/wire.ts';
import type { GatewayTarget } from './gateway-target.ts';

/** The kinds of requests. Each is the name of one of the upstream's models, which answers in its own way. */
export type Kind = 'chat' | 'stream' | 'large' | 'slow';

/** The path of all requests. */
export const CHAT_PATH = '/v1/chat/completions';

/** The size of the text in a large request, in bytes. */
export const LARGE_BYTES = 16 * 1024 * 1024;

/** The interval between two events of a slow stream. */
export const SLOW_EVERY_MS = 100;

/** How many events an answer of the kind `stream` has. */
const EVENTS = 100;

const SMALL_TEXT_BYTES = 700;
const WORDS =
  'A gateway passes requests to many servers, and each of them knows a few models by heart. ';

/** The body of a request. */
export function toRequestBody(kind: Kind, model: string): Buffer {
  const size = kind === 'large' ? LARGE_BYTES : SMALL_TEXT_BYTES;
  return Buffer.from(
    JSON.stringify({
      model,
      messages: [
        { role: 'system', content: 'You are a helpful assistant. Answer in one short sentence.' },
        { role: 'user', content: WORDS.repeat(Math.ceil(size / WORDS.length)).slice(0, size) },
      ],
      temperature: 0.7,
      top_p: 0.95,
      max_tokens: 256,
      stream: kind === 'stream' || kind === 'slow',
    }),
  );
}

/** A request as a target's client sends it. */
export function toChatRequest(kind: Kind, { headers, modelPrefix }: GatewayTarget): Buffer {
  const body = toRequestBody(kind, modelPrefix + kind);
  return toRequest({ path: CHAT_PATH, headers, body });
}

/** A request to a target and the answer that is due. */
export function toExchange(kind: Exclude<Kind, 'slow'>, target: GatewayTarget): Exchange {
  const request = toChatRequest(kind, target);
  return { request, status: 200, header: null, body: toAnswerBody(kind) };
}

/** The body of an answer. */
export function toAnswerBody(kind: Exclude<Kind, 'slow'>): Buffer {
  return kind === 'stream' ? Buffer.from(toEvents().join('')) : ANSWER;
}

/** The events of a stream, each with its number. */
export function toEvents(): string[] {
  const events = Array.from({ length: EVENTS - 1 }, (_, index) =>
    toEvent({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1_760_000_000,
      model: 'stream',
      choices: [{ index: 0, delta: { content: ` word ${index}` }, finish_reason: null }],
    }),
  );
  return [...events, 'data: [DONE]\n\n'];
}

/** An event of a slow stream, with the time at which it is sent. */
export function toSlowEvent(sentAt: number): string {
  return toEvent({ sent: sentAt });
}

/** Microseconds of a clock that all processes of a machine share. */
export function readClock(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

const ANSWER = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_760_000_000,
    model: 'chat',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello there, this is a small answer.' },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 210, completion_tokens: 9, total_tokens: 219 },
  }),
);

function toEvent(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
