import { send, type Gateway } from '../../herd/gateway.ts';
import { readEvents } from '../../herd/read-events.ts';
import type { AnswerEvent } from './fold-answer.ts';

interface ChatStream {
  /** The body of the request, which asks for a stream. */
  readonly body: object;
  /** Aborting it ends the generation on the host. */
  readonly signal: AbortSignal;
  /** Told of everything that comes, in order, up to the end. */
  readonly onEvent: (event: AnswerEvent) => void;
}

/**
 * Asks for a chat completion and tells what comes of it, until it ends.
 * @throws {GatewayError} where it is refused
 * @throws where the connection breaks, or `signal` aborts
 */
export async function streamChat(
  gateway: Gateway,
  { body, signal, onEvent }: ChatStream,
): Promise<void> {
  const response = await send(gateway, {
    path: '/v1/chat/completions',
    method: 'POST',
    // llama-swap words its errors by what is accepted.
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify(body),
    signal,
  });
  // A host that does not stream answers one message, on as many lines as it likes.
  const isWhole = response.headers.get('content-type')?.startsWith('application/json') === true;
  const lines: string[] = [];
  const onStray = (line: string) => {
    if (isWhole) lines.push(line);
    else onEvent({ type: 'stray', line });
  };
  if (response.body !== null) {
    for await (const { event, data } of readEvents(response.body, { onStray })) {
      onEvent({ type: event === 'error' ? 'refusal' : 'data', data });
    }
  }
  if (isWhole) onEvent({ type: 'stray', line: lines.join('\n') });
  onEvent({ type: 'end' });
}
