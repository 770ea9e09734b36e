import { parseObject } from './json.ts';
import { readMessages } from './read-messages.ts';
import { toNamedChunk } from './reply-chunk.ts';
import type { ReplyChunk } from './reply-chunk.ts';
import { countTokens, toParts, toWhole } from './reply.ts';
import type { Reply } from './reply.ts';
import type { ServerRoute } from './server-call.ts';
import { toServerError } from './server-error.ts';
import type { Dialect } from './text-route.ts';

/** `/v1/messages`: text or a tool use, after the reasoning of a model that reasons. */
export const anthropicDialect: Dialect = { read: readMessages, toBody, toChunks };

/** `/v1/messages/count_tokens`: the same count as for a real request with these messages. */
export const countMessageTokens: ServerRoute = ({ body }) => {
  const request = readMessages(body.json);
  if (typeof request === 'string') return toServerError(400, request);
  return Response.json({ input_tokens: countTokens(request.transcript) });
};

function toBody(reply: Reply): object {
  return toMessage(reply, {
    content: toBlocks(reply).map(({ whole }) => whole),
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
  yield toNamedChunk({ type: 'message_start', message });
  yield toNamedChunk({ type: 'ping' });
  for (const [index, block] of toBlocks(reply).entries()) yield* toBlockChunks(block, index);
  const delta = { stop_reason: toStopReason(reply), stop_sequence: null };
  const usage = { output_tokens: completion };
  yield toNamedChunk({ type: 'message_delta', delta, usage });
  yield toNamedChunk({ type: 'message_stop' });
}

/** A part of a message: as it starts, its tokens with their form, and as a whole. */
interface Block {
  start: object;
  tokens: string[];
  toDelta(text: string): object;
  /** The last delta, if there is one. */
  end?: object;
  whole: object;
}

/** Returns the reasoning, if there is any, and the text or the tool use. */
function toBlocks(reply: Reply): Block[] {
  const { reasoning, tokens } = reply;
  const main = reply.toolCall
    ? {
        start: toToolUse(reply, {}),
        toDelta: (text: string) => ({ type: 'input_json_delta', partial_json: text }),
        whole: toToolUse(reply, parseObject(toWhole(reply)) ?? {}),
      }
    : {
        start: { type: 'text', text: '' },
        toDelta: (text: string) => ({ type: 'text_delta', text }),
        whole: { type: 'text', text: toWhole(reply) },
      };
  if (reasoning.length === 0) return [{ ...main, tokens }];
  const thinking = { type: 'thinking', signature: '' };
  return [
    {
      start: { ...thinking, thinking: '' },
      tokens: reasoning,
      toDelta: (text) => ({ type: 'thinking_delta', thinking: text }),
      end: { type: 'signature_delta', signature: '' },
      whole: { ...thinking, thinking: reasoning.join('') },
    },
    { ...main, tokens },
  ];
}

function* toBlockChunks(block: Block, index: number): Generator<ReplyChunk> {
  yield toNamedChunk({ type: 'content_block_start', index, content_block: block.start });
  const type = 'content_block_delta';
  for (const { text, tokens } of toParts(block.tokens)) {
    yield toNamedChunk({ type, index, delta: block.toDelta(text) }, tokens);
  }
  if (block.end) yield toNamedChunk({ type, index, delta: block.end });
  yield toNamedChunk({ type: 'content_block_stop', index });
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

function toToolUse({ id, toolCall }: Reply, input: object): object {
  return { type: 'tool_use', id: `toolu_${id}`, name: toolCall?.name, input };
}

function toStopReason({ finish }: Reply): string {
  return { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use' }[finish];
}
