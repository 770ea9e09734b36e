import * as v from 'valibot';
import { declareAnswer, integer, namedObject, timestamp } from '../schema.ts';

const object = v.record(v.string(), v.unknown());

/** A tool call. */
const toolCallSchema = namedObject('OllamaToolCall', {
  id: v.string(),
  function: v.object({ index: integer, name: v.string(), arguments: object }),
});

const added = {
  thinking: v.optional(v.string()),
  tool_calls: v.optional(v.array(toolCallSchema)),
};

/** The fields of every line, and of a whole answer. The counts, and the durations in nanoseconds, are in the last line. */
const line = {
  model: v.string(),
  created_at: timestamp,
  done: v.boolean(),
  done_reason: v.optional(v.picklist(['stop', 'length', 'load', 'unload'])),
  logprobs: v.optional(v.array(v.unknown())),
  total_duration: v.optional(integer),
  load_duration: v.optional(integer),
  prompt_eval_count: v.optional(integer),
  prompt_eval_duration: v.optional(integer),
  eval_count: v.optional(integer),
  eval_duration: v.optional(integer),
};

const example = {
  model: 'sam-desktop/qwen3.6-27b',
  created_at: '2026-11-28T12:00:00.000Z',
  done: true,
  done_reason: 'stop',
  total_duration: 812_000_000,
  load_duration: 0,
  prompt_eval_count: 12,
  prompt_eval_duration: 104_000_000,
  eval_count: 9,
  eval_duration: 708_000_000,
} as const;

/** `POST /api/chat`: a line of the stream, or the whole answer. */
export const chatAnswer = declareAnswer(
  namedObject('OllamaChat', {
    ...line,
    message: v.object({ role: v.literal('assistant'), content: v.string(), ...added }),
  }),
  { ...example, message: { role: 'assistant', content: 'Hello! How can I help?' } },
);

/** `POST /api/generate`: a line of the stream, or the whole answer. */
export const generateAnswer = declareAnswer(
  namedObject('OllamaText', { ...line, response: v.string(), ...added }),
  { ...example, response: 'Hello! How can I help?' },
);

/** `POST /api/embed`. */
export const embedAnswer = declareAnswer(
  namedObject('OllamaEmbeddings', {
    model: v.string(),
    embeddings: v.array(v.array(v.number())),
    total_duration: v.optional(integer),
    load_duration: v.optional(integer),
    prompt_eval_count: v.optional(integer),
  }),
  { model: example.model, embeddings: [[0.6, 0.8]], total_duration: 9_000_000 },
);

/** `POST /api/embeddings`. */
export const embeddingsAnswer = declareAnswer(
  namedObject('OllamaEmbedding', { embedding: v.array(v.number()) }),
  { embedding: [0.6, 0.8] },
);
