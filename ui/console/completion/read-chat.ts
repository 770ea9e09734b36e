import { readEvents } from '../../fleet/read-events.ts';
import type { AnswerEvent } from './fold-answer.ts';

/**
 * Reports the events of a chat completion, streamed or not, until it ends.
 * @throws if the connection breaks
 */
export async function readChat(
  response: Response,
  onEvent: (event: AnswerEvent) => void,
): Promise<void> {
  // A provider that does not stream sends one JSON message, which may span several lines.
  const isWhole = response.headers.get('content-type')?.startsWith('application/json') === true;
  const lines: string[] = [];
  const onStray = (line: string) => {
    if (isWhole) lines.push(line);
    else onEvent({ type: 'stray', line });
  };
  if (response.body !== null) {
    for await (const { event, data } of readEvents(response.body, { onStray })) {
      onEvent({ type: event === 'error' ? 'error' : 'data', data });
    }
  }
  if (isWhole) onEvent({ type: 'stray', line: lines.join('\n') });
  onEvent({ type: 'end' });
}
