import { toObject, toObjects, toTexts } from './json.ts';
import type { Json } from './json.ts';
import { createTextRequest } from './text-request.ts';
import type { Message, TextRequest } from './text-request.ts';
import type { ToolChoice } from './tool-call.ts';

/** Reads a request of `/v1/messages`. Returns an error message if it is invalid. */
export function readMessages(json: Json): TextRequest | string {
  if (!Array.isArray(json['messages'])) return '"messages" is required';
  return createTextRequest({
    json,
    messages: [
      { role: 'system', texts: toTexts(json['system']) },
      ...toObjects(json['messages']).map(readMessage),
    ],
    limit: json['max_tokens'],
    tools: toObjects(json['tools']).map(({ name, input_schema: schema }) => ({
      name: String(name),
      schema,
    })),
    choice: readChoice(toObject(json['tool_choice'])),
    format: toObject(json['output_config'])['format'] ?? json['output_format'],
    reasons: toObject(json['thinking'])['type'] !== 'disabled',
  });
}

/** Reads a message. A user's message with tool results becomes a message of the tool. */
function readMessage({ role, content }: Json): Message {
  const blocks = toObjects(content);
  const results = blocks.filter(({ type }) => type === 'tool_result');
  if (results.length > 0) {
    return { role: 'tool', texts: results.flatMap((result) => toTexts(result['content'])) };
  }
  const calls = blocks.filter(({ type }) => type === 'tool_use').map(({ name }) => String(name));
  return { role: String(role), texts: toTexts(content), calls };
}

function readChoice({ type, name }: Json): ToolChoice {
  if (type === 'none') return 'none';
  if (type === 'any') return 'required';
  return type === 'tool' ? { name: String(name) } : 'auto';
}
