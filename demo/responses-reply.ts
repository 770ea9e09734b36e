import { createTextRequest } from './text-request.ts';
import type { TextRequest, Message } from './text-request.ts';
import { toObject, toObjects, toText } from './json.ts';
import type { Json } from './json.ts';
import { toNamedChunk } from './reply-chunk.ts';
import type { ReplyChunk } from './reply-chunk.ts';
import { toParts, toWhole } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Dialect } from './text-route.ts';
import type { ToolChoice } from './tool-call.ts';

/** `/v1/responses`: one message or one function call, in the events that OpenAI's client reads. */
export const responsesDialect: Dialect = { read: readResponses, toBody: toEnded, toChunks };

function readResponses(json: Json): TextRequest | string {
  const { input, instructions } = json;
  if (typeof input !== 'string' && !Array.isArray(input)) return "'input' is required";
  const messages = typeof input === 'string' ? [{ role: 'user', text: input }] : readItems(input);
  return createTextRequest({
    json,
    messages: [{ role: 'system', text: toText(instructions) }, ...messages],
    limit: json['max_output_tokens'],
    tools: toObjects(json['tools'])
      .filter(({ type }) => type === 'function')
      .map(({ name, parameters }) => ({ name: String(name), schema: parameters })),
    choice: readChoice(json['tool_choice']),
  });
}

function readItems(input: unknown[]): Message[] {
  return toObjects(input).map(({ type, role, content, output }) =>
    type === 'function_call_output'
      ? { role: 'tool', text: toText(output) }
      : { role: String(role), text: toText(content) },
  );
}

function readChoice(choice: unknown): ToolChoice {
  if (choice === 'none' || choice === 'required') return choice;
  const { name } = toObject(choice);
  return typeof name === 'string' ? { name } : 'auto';
}

function* toChunks(reply: Reply): Generator<ReplyChunk> {
  let number = 0;
  const write = (type: string, { tokens = 0, ...data }: Json & { tokens?: number }) =>
    toNamedChunk({ type, sequence_number: number++, ...data }, tokens);
  const started = toResponse(reply, { status: 'in_progress', output: [], usage: null });
  yield write('response.created', { response: started });
  yield write('response.in_progress', { response: started });
  const { status } = toStatus(reply);
  const item = toItem(reply, status);
  const empty = reply.toolCall ? { arguments: '' } : { content: [] };
  yield write('response.output_item.added', {
    output_index: 0,
    item: { ...item, ...empty, status: 'in_progress' },
  });
  yield* reply.toolCall ? toCallChunks(reply, write) : toTextChunks(reply, write);
  yield write('response.output_item.done', { output_index: 0, item });
  yield write(`response.${status}`, { response: toEnded(reply) });
}

type Write = (type: string, data: Json & { tokens?: number }) => ReplyChunk;

function* toTextChunks(reply: Reply, write: Write): Generator<ReplyChunk> {
  const at = { item_id: `msg_${reply.id}`, output_index: 0, content_index: 0 };
  yield write('response.content_part.added', { ...at, part: toPart('') });
  for (const { text, tokens } of toParts(reply)) {
    yield write('response.output_text.delta', { ...at, delta: text, logprobs: [], tokens });
  }
  const text = toWhole(reply);
  yield write('response.output_text.done', { ...at, text, logprobs: [] });
  yield write('response.content_part.done', { ...at, part: toPart(text) });
}

function* toCallChunks(reply: Reply, write: Write): Generator<ReplyChunk> {
  const at = { item_id: `fc_${reply.id}`, output_index: 0 };
  for (const { text, tokens } of toParts(reply)) {
    yield write('response.function_call_arguments.delta', { ...at, delta: text, tokens });
  }
  const whole = { name: reply.toolCall?.name, arguments: toWhole(reply) };
  yield write('response.function_call_arguments.done', { ...at, ...whole });
}

function toEnded(reply: Reply): object {
  const { prompt, completion } = reply.usage;
  const { status, incomplete_details } = toStatus(reply);
  return toResponse(reply, {
    status,
    incomplete_details,
    output: [toItem(reply, status)],
    usage: {
      input_tokens: prompt,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: completion,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: prompt + completion,
    },
  });
}

function toStatus({ finish }: Reply) {
  return finish === 'length'
    ? { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
    : { status: 'completed', incomplete_details: null };
}

function toItem({ id, toolCall, ...reply }: Reply, status: string): object {
  if (toolCall) {
    return { type: 'function_call', id: `fc_${id}`, call_id: `call_${id}`, ...toolCall, status };
  }
  const content = [toPart(reply.tokens.join(''))];
  return { type: 'message', id: `msg_${id}`, role: 'assistant', content, status };
}

function toPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

function toResponse({ id, created, model }: Reply, fields: object): object {
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: created,
    model,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: false,
    temperature: null,
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    ...fields,
  };
}
