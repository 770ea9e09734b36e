import type { Json } from './json.ts';
import { readResponses } from './read-responses.ts';
import { toNamedChunk } from './reply-chunk.ts';
import type { ReplyChunk } from './reply-chunk.ts';
import { toParts } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Dialect } from './text-route.ts';

/**
 * `/v1/responses`: one message or one function call, after the reasoning of a model that reasons, in the events that
 * OpenAI's client reads.
 */
export const responsesDialect: Dialect = { read: readResponses, toBody: toEnded, toChunks };

/** An item of the output: as it starts, its own events, and as a whole. */
interface Item {
  whole: Json;
  start: Json;
  toChunks(write: Write): Generator<ReplyChunk>;
}

type Write = (type: string, data: Json & { tokens?: number }) => ReplyChunk;

function* toChunks(reply: Reply): Generator<ReplyChunk> {
  let number = 0;
  const write: Write = (type, { tokens = 0, ...data }) =>
    toNamedChunk({ type, sequence_number: number++, ...data }, tokens);
  const response = toResponse(reply, { status: 'in_progress', output: [], usage: null });
  yield write('response.created', { response });
  yield write('response.in_progress', { response });
  for (const [index, { start, whole, toChunks: toItemChunks }] of toItems(reply).entries()) {
    const at = { item_id: whole['id'], output_index: index };
    const writeItem: Write = (type, data) => write(type, { ...at, ...data });
    const item = { ...whole, ...start, status: 'in_progress' };
    yield write('response.output_item.added', { output_index: index, item });
    yield* toItemChunks(writeItem);
    yield write('response.output_item.done', { output_index: index, item: whole });
  }
  yield write(`response.${toStatus(reply).status}`, { response: toEnded(reply) });
}

/** Returns the reasoning, if there is any, and the message or the function call. */
function toItems(reply: Reply): Item[] {
  const main = reply.toolCall ? toCallItem(reply) : toMessageItem(reply);
  return reply.reasoning.length > 0 ? [toReasoningItem(reply), main] : [main];
}

function toCallItem(reply: Reply): Item {
  const { id, toolCall, tokens } = reply;
  const called = { type: 'function_call', id: `fc_${id}`, call_id: `call_${id}`, ...toolCall };
  return {
    whole: { ...called, status: toStatus(reply).status },
    start: { arguments: '' },
    *toChunks(write) {
      const type = 'response.function_call_arguments';
      for (const { text, tokens: count } of toParts(tokens)) {
        yield write(`${type}.delta`, { delta: text, tokens: count });
      }
      yield write(`${type}.done`, { name: toolCall?.name, arguments: tokens.join('') });
    },
  };
}

function toMessageItem(reply: Reply): Item {
  return toTextItem({
    item: { type: 'message', id: `msg_${reply.id}`, role: 'assistant' },
    status: toStatus(reply).status,
    part: { type: 'output_text', annotations: [], logprobs: [] },
    more: { logprobs: [] },
    tokens: reply.tokens,
  });
}

function toReasoningItem({ id, reasoning }: Reply): Item {
  return toTextItem({
    item: { type: 'reasoning', id: `rs_${id}`, summary: [], encrypted_content: '' },
    status: 'completed',
    part: { type: 'reasoning_text' },
    more: {},
    tokens: reasoning,
  });
}

/** Returns an item whose content is one part with text. */
function toTextItem(options: {
  item: Json;
  status: string;
  part: Json & { type: string };
  /** Fields of the events with text. */
  more: Json;
  tokens: string[];
}): Item {
  const { item, status, part, more, tokens } = options;
  const text = tokens.join('');
  const at = { content_index: 0 };
  return {
    whole: { ...item, content: [{ ...part, text }], status },
    start: { content: [] },
    *toChunks(write) {
      const type = `response.${part.type}`;
      yield write('response.content_part.added', { ...at, part: { ...part, text: '' } });
      for (const { text: delta, tokens: count } of toParts(tokens)) {
        yield write(`${type}.delta`, { ...at, delta, ...more, tokens: count });
      }
      yield write(`${type}.done`, { ...at, text, ...more });
      yield write('response.content_part.done', { ...at, part: { ...part, text } });
    },
  };
}

function toEnded(reply: Reply): object {
  const { prompt, completion } = reply.usage;
  return toResponse(reply, {
    ...toStatus(reply),
    output: toItems(reply).map(({ whole }) => whole),
    usage: {
      input_tokens: prompt,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: completion,
      output_tokens_details: { reasoning_tokens: reply.reasoning.length },
      total_tokens: prompt + completion,
    },
  });
}

function toStatus({ finish }: Reply) {
  return finish === 'length'
    ? { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
    : { status: 'completed', incomplete_details: null };
}

function toResponse({ id, created, model, format }: Reply, fields: object): object {
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
    text: { format: format ?? { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    ...fields,
  };
}
