import { createTextRequest } from './text-request.ts';
import type { TextRequest, Message } from './text-request.ts';
import { parseObject, toObject, toObjects, toText } from './json.ts';
import type { Json } from './json.ts';
import { toNamedChunk } from './reply-chunk.ts';
import type { ReplyChunk } from './reply-chunk.ts';
import { countTokens, toParts, toWhole } from './reply.ts';
import type { Reply } from './reply.ts';
import type { ServerRoute } from './server-call.ts';
import { toServerError } from './server-error.ts';
import type { Dialect } from './text-route.ts';
import type { ToolChoice } from './tool-call.ts';

/** `/v1/messages`: one block, either text or a tool use. */
export const anthropicDialect: Dialect = { read: readMessages, toBody, toChunks };

/** `/v1/messages/count_tokens`: the same count as for a real request with these messages. */
export const countMessageTokens: ServerRoute = ({ body }) => {
  const request = readMessages(body.json);
  if (typeof request === 'string') return toServerError(400, request);
  return Response.json({ input_tokens: countTokens(request.transcript) });
};

function readMessages(json: Json): TextRequest | string {
  if (!Array.isArray(json['messages'])) return '"messages" is required';
  return createTextRequest({
    json,
    messages: [
      { role: 'system', text: toText(json['system']) },
      ...toObjects(json['messages']).map(readMessage),
    ],
    limit: json['max_tokens'],
    tools: toObjects(json['tools']).map(({ name, input_schema: schema }) => ({
      name: String(name),
      schema,
    })),
    choice: readChoice(toObject(json['tool_choice'])),
  });
}

/** Reads a message. A user's message with tool results becomes a message of the tool. */
function readMessage({ role, content }: Json): Message {
  const results = toObjects(content).filter(({ type }) => type === 'tool_result');
  if (results.length === 0) return { role: String(role), text: toText(content) };
  return { role: 'tool', text: results.map((result) => toText(result['content'])).join(' ') };
}

function readChoice({ type, name }: Json): ToolChoice {
  if (type === 'none') return 'none';
  if (type === 'any') return 'required';
  return type === 'tool' ? { name: String(name) } : 'auto';
}

function toBody(reply: Reply): object {
  return toMessage(reply, {
    content: [reply.toolCall ? toToolUse(reply, toInput(reply)) : toTextBlock(toWhole(reply))],
    stop_reason: toStopReason(reply),
    usage: { input_tokens: reply.usage.prompt, output_tokens: reply.usage.completion },
  });
}

function* toChunks(reply: Reply): Generator<ReplyChunk> {
  const { prompt, completion } = reply.usage;
  const message = toMessage(reply, {
    content: [],
    stop_reason: null,
    usage: { input_tokens: prompt, output_tokens: 0 },
  });
  const block = reply.toolCall ? toToolUse(reply, {}) : toTextBlock('');
  yield toNamedChunk({ type: 'message_start', message });
  yield toNamedChunk({ type: 'content_block_start', index: 0, content_block: block });
  yield toNamedChunk({ type: 'ping' });
  for (const { text, tokens } of toParts(reply)) {
    const delta = reply.toolCall
      ? { type: 'input_json_delta', partial_json: text }
      : { type: 'text_delta', text };
    yield toNamedChunk({ type: 'content_block_delta', index: 0, delta }, tokens);
  }
  yield toNamedChunk({ type: 'content_block_stop', index: 0 });
  const delta = { stop_reason: toStopReason(reply), stop_sequence: null };
  const usage = { output_tokens: completion };
  yield toNamedChunk({ type: 'message_delta', delta, usage });
  yield toNamedChunk({ type: 'message_stop' });
}

function toMessage({ id, model }: Reply, fields: object): object {
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    stop_sequence: null,
    ...fields,
  };
}

function toTextBlock(text: string): object {
  return { type: 'text', text };
}

function toToolUse({ id, toolCall }: Reply, input: object): object {
  return { type: 'tool_use', id: `toolu_${id}`, name: toolCall?.name, input };
}

function toInput(reply: Reply): object {
  return parseObject(toWhole(reply)) ?? {};
}

function toStopReason({ finish }: Reply): string {
  return { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use' }[finish];
}
