import { createTextRequest } from './text-request.ts';
import type { Message, TextRequest } from './text-request.ts';
import { toObject, toObjects, toTexts } from './json.ts';
import type { Json } from './json.ts';
import { readNativeFormat } from './output-format.ts';
import { DONE, toChunk } from './reply-chunk.ts';
import type { ReplyChunk } from './reply-chunk.ts';
import { toParts, toWhole } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Dialect } from './text-route.ts';
import type { ToolChoice } from './tool-call.ts';

/** `/v1/chat/completions`, in the shape of llama-server's. */
export const chatDialect: Dialect = { read: readChat, toBody: toCompletion, toChunks };

function readChat(json: Json): TextRequest | string {
  if (!Array.isArray(json['messages'])) return '"messages" is required';
  return createTextRequest({
    json,
    messages: toObjects(json['messages']).map(readMessage),
    limit: json['max_completion_tokens'] ?? json['max_tokens'],
    tools: toObjects(json['tools']).map((tool) => {
      const { name, parameters } = toObject(tool['function']);
      return { name: String(name), schema: parameters };
    }),
    choice: readChoice(json['tool_choice']),
    format: readNativeFormat(json),
    reasons:
      json['reasoning_effort'] !== 'none' &&
      toObject(json['chat_template_kwargs'])['enable_thinking'] !== false,
  });
}

function readMessage({ role, content, tool_calls: calls }: Json): Message {
  const names = toObjects(calls).map((call) => String(toObject(call['function'])['name']));
  return { role: String(role), texts: toTexts(content), calls: names };
}

function readChoice(choice: unknown): ToolChoice {
  if (choice === 'none' || choice === 'required') return choice;
  const { name } = toObject(toObject(choice)['function']);
  return typeof name === 'string' ? { name } : 'auto';
}

function toCompletion(reply: Reply): object {
  const message = {
    role: 'assistant',
    content: reply.toolCall ? null : toWhole(reply),
    ...(reply.reasoning.length > 0 && { reasoning_content: reply.reasoning.join('') }),
    ...(reply.toolCall && { tool_calls: [toCall(reply, reply.toolCall.arguments)] }),
  };
  return {
    choices: [{ finish_reason: reply.finish, index: 0, message }],
    ...toEnvelope(reply, 'chat.completion'),
    usage: toUsage(reply),
  };
}

function* toChunks(reply: Reply): Generator<ReplyChunk> {
  const envelope = toEnvelope(reply, 'chat.completion.chunk');
  const toDelta = (delta: object, tokens = 0) =>
    toChunk({ choices: [{ finish_reason: null, index: 0, delta }], ...envelope }, tokens);
  yield toDelta({ role: 'assistant', content: null });
  for (const { text, tokens } of toParts(reply.reasoning)) {
    yield toDelta({ reasoning_content: text }, tokens);
  }
  if (reply.toolCall) yield toDelta({ tool_calls: [{ index: 0, ...toCall(reply, '') }] });
  for (const { text, tokens } of toParts(reply.tokens)) {
    const delta = reply.toolCall
      ? { tool_calls: [{ index: 0, function: { arguments: text } }] }
      : { content: text };
    yield toDelta(delta, tokens);
  }
  yield toChunk({
    choices: [{ finish_reason: reply.finish, index: 0, delta: {} }],
    ...envelope,
  });
  if (reply.includeUsage) yield toChunk({ choices: [], ...envelope, usage: toUsage(reply) });
  yield DONE;
}

function toCall({ id, toolCall }: Reply, args: string): object {
  return {
    id: `call_${id}`,
    type: 'function',
    function: { name: toolCall?.name, arguments: args },
  };
}

function toEnvelope({ created, id, model }: Reply, object: string): object {
  return { created, id: `chatcmpl-${id}`, model, system_fingerprint: 'b9120-demo', object };
}

/** Returns the token counts in the shape of OpenAI's older APIs. */
export function toUsage({ usage: { prompt, completion } }: Reply): object {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
  };
}
