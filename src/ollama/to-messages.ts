import type { Message } from './requests.ts';
import { toMediaPart } from './to-media-part.ts';

/** A message of OpenAI's chat API. */
export type OpenAiMessage = Readonly<Record<string, unknown>>;

/** A tool call that no message has answered yet. */
interface OpenCall {
  readonly id: string;
  readonly name: string;
}

/**
 * Converts the messages of a chat. In Ollama's API, tool calls need no IDs, and a result may name its tool or nothing: it
 * then belongs to the first call without a result.
 */
export function toMessages(messages: readonly Message[]): readonly OpenAiMessage[] {
  const open: OpenCall[] = [];
  let calls = 0;
  return messages.map((message) => {
    const { thinking, tool_calls: asked } = message;
    const role = message.role.toLowerCase();
    const converted: Record<string, unknown> = { role, content: toContent(message) };
    if (thinking) converted['reasoning_content'] = thinking;
    if (asked && asked.length > 0) {
      converted['tool_calls'] = asked.map((call) => {
        const id = call.id || `call_${(calls += 1)}`;
        open.push({ id, name: call.function.name });
        return toToolCall(call.function, id);
      });
    }
    if (role === 'tool') converted['tool_call_id'] = takeCallId(message, open);
    return converted;
  });
}

function toContent({ content, images }: Pick<Message, 'content' | 'images'>): unknown {
  if (!images || images.length === 0) return content ?? '';
  const text = typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
  const isEmpty = content === '';
  return [...(isEmpty ? [] : text), ...images.map(toMediaPart)];
}

function toToolCall(
  { name, arguments: given }: NonNullable<Message['tool_calls']>[number]['function'],
  id: string,
): object {
  const text = typeof given === 'string' ? given : JSON.stringify(given ?? {});
  return { id, type: 'function', function: { name, arguments: text } };
}

function takeCallId(
  { tool_call_id: id, tool_name: name }: Pick<Message, 'tool_call_id' | 'tool_name'>,
  open: OpenCall[],
): string {
  const isMeant = (call: OpenCall) => (id ? call.id === id : !name || call.name === name);
  const index = open.findIndex(isMeant);
  const [answered] = index === -1 ? [] : open.splice(index, 1);
  return id || (answered?.id ?? 'call_0');
}
