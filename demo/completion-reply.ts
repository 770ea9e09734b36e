import { createTextRequest } from './text-request.ts';
import type { TextRequest } from './text-request.ts';
import { toUsage } from './chat-reply.ts';
import type { Json } from './json.ts';
import { readNativeFormat } from './output-format.ts';
import { DONE, toChunk } from './reply-chunk.ts';
import type { ReplyChunk } from './reply-chunk.ts';
import { toParts, toWhole } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Dialect } from './text-route.ts';

/** `/v1/completions`: one choice. A list of prompts counts as one prompt. */
export const completionDialect: Dialect = { read: readCompletion, toBody, toChunks };

function readCompletion(json: Json): TextRequest | string {
  const { prompt } = json;
  if (typeof prompt !== 'string' && !Array.isArray(prompt)) return '"prompt" is required';
  const text = [prompt].flat().join('\n');
  return createTextRequest({
    json,
    messages: [{ role: 'user', texts: [text] }],
    limit: json['max_tokens'],
    format: readNativeFormat(json),
  });
}

function toBody(reply: Reply): object {
  const choices = [toChoice(toWhole(reply), reply.finish)];
  return { choices, ...toEnvelope(reply), usage: toUsage(reply) };
}

function* toChunks(reply: Reply): Generator<ReplyChunk> {
  const envelope = toEnvelope(reply);
  for (const { text, tokens } of toParts(reply.tokens)) {
    yield toChunk({ choices: [toChoice(text, null)], ...envelope }, tokens);
  }
  yield toChunk({ choices: [toChoice('', reply.finish)], ...envelope });
  if (reply.includeUsage) yield toChunk({ choices: [], ...envelope, usage: toUsage(reply) });
  yield DONE;
}

function toChoice(text: string, finish: string | null): object {
  return { text, index: 0, logprobs: null, finish_reason: finish };
}

function toEnvelope({ created, id, model }: Reply): object {
  const object = 'text_completion';
  return { created, id: `chatcmpl-${id}`, model, system_fingerprint: 'b9120-demo', object };
}
