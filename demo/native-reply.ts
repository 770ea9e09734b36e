import { createTextRequest } from './text-request.ts';
import type { TextRequest } from './text-request.ts';
import type { Json } from './json.ts';
import { readNativeFormat } from './output-format.ts';
import { toChunk } from './reply-chunk.ts';
import type { ReplyChunk } from './reply-chunk.ts';
import { toParts, toWhole } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Dialect } from './text-route.ts';

/** llama-server's own `/completion`. Its streams end without `[DONE]`. */
export const nativeDialect: Dialect = { read: readNative, toBody, toChunks };

/** llama-server's `/infill`: the same answer, for the text before and after the gap. */
export const infillDialect: Dialect = { read: readInfill, toBody, toChunks };

function readNative(json: Json): TextRequest | string {
  const { prompt } = json;
  if (typeof prompt !== 'string' && !Array.isArray(prompt)) return '"prompt" is required';
  return toTextRequest(json, [prompt].flat().join('\n'));
}

function readInfill(json: Json): TextRequest | string {
  const { input_prefix: prefix, input_suffix: suffix } = json;
  if (typeof prefix !== 'string') return '"input_prefix" is required';
  if (typeof suffix !== 'string') return '"input_suffix" is required';
  return toTextRequest(json, `${prefix}${suffix}`);
}

function toTextRequest(json: Json, text: string): TextRequest | string {
  return createTextRequest({
    json,
    messages: [{ role: 'user', texts: [text] }],
    limit: json['n_predict'],
    format: readNativeFormat(json),
  });
}

function toBody(reply: Reply): object {
  return toFinal(reply, toWhole(reply));
}

function* toChunks(reply: Reply): Generator<ReplyChunk> {
  const common = { index: 0, tokens: [], stop: false, id_slot: 0 };
  let written = 0;
  for (const { text, tokens } of toParts(reply.tokens)) {
    written += tokens;
    const counts = { tokens_predicted: written, tokens_evaluated: reply.usage.prompt };
    yield toChunk({ ...common, content: text, ...counts }, tokens);
  }
  yield toChunk(toFinal(reply, ''));
}

function toFinal({ model, prompt, finish, usage }: Reply, content: string): object {
  return {
    index: 0,
    content,
    tokens: [],
    id_slot: 0,
    stop: true,
    model,
    tokens_predicted: usage.completion,
    tokens_evaluated: usage.prompt,
    generation_settings: { temperature: 0.8, top_k: 40, top_p: 0.95 },
    prompt,
    has_new_line: content.includes('\n'),
    truncated: false,
    stop_type: finish === 'length' ? 'limit' : 'eos',
    stopping_word: '',
    tokens_cached: usage.prompt + usage.completion,
    timings: { prompt_n: usage.prompt, predicted_n: usage.completion },
  };
}
