import { send, type Gateway } from '../../fleet/gateway.ts';
import type { AnswerEvent } from './fold-answer.ts';
import { readChat } from './read-chat.ts';

interface ChatStream {
  /** The body of the request, which asks for a stream. */
  readonly body: object;
  /** Aborts the request, and with it the generation on the provider. */
  readonly signal: AbortSignal;
  /** Receives every event in order, up to the end. */
  readonly onEvent: (event: AnswerEvent) => void;
}

/**
 * Requests a chat completion and reports its events until it ends.
 * @throws {GatewayError} if the request is refused
 * @throws if the connection breaks, or `signal` aborts
 */
export async function streamChat(
  gateway: Gateway,
  { body, signal, onEvent }: ChatStream,
): Promise<void> {
  const response = await send(gateway, {
    path: '/v1/chat/completions',
    method: 'POST',
    // llama-swap chooses the format of its errors by the `Accept` header.
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify(body),
    signal,
  });
  await readChat(response, onEvent);
}
