// ollama/ translates requests of Ollama's API to OpenAI's, and the answers back. It is pure, except that stream-lines.ts and
// translate-answer.ts read answers. Source: Ollama's api/types.go and server/routes.go, read in November 2026.

import * as v from 'valibot';
import { modelIdSchema } from '../resolve/id-schemas.ts';
import { namedObject, type Infer } from '../schema.ts';

// Ollama takes null for every field that may be absent.
const text = v.nullish(v.string());
const flag = v.nullish(v.boolean());
const texts = v.nullish(v.array(v.string()));
const object = v.pipe(
  v.custom<Readonly<Record<string, unknown>>>(
    (value) => !Array.isArray(value),
    'expected an object',
  ),
  v.record(v.string(), v.unknown()),
);
const integer = v.pipe(v.number(), v.integer());

const shared = {
  model: text,
  options: v.nullish(object),
  /** Only 0 has an effect, in a request that generates nothing: the provider decides how long a model stays loaded. */
  keep_alive: v.nullish(v.union([v.string(), v.number()])),
};

const generating = {
  ...shared,
  stream: flag,
  format: v.nullish(
    v.union([v.literal(''), v.literal('json'), object], 'expected "json" or a JSON schema'),
  ),
  think: v.nullish(
    v.union(
      [v.boolean(), v.picklist(['low', 'medium', 'high', 'max'])],
      'expected true, false, "low", "medium", "high" or "max"',
    ),
  ),
  logprobs: flag,
  top_logprobs: v.nullish(v.pipe(integer, v.minValue(0), v.maxValue(20))),
};

const messageSchema = v.object({
  role: v.string(),
  content: v.nullish(v.union([v.string(), v.array(v.unknown())], 'expected a string')),
  thinking: text,
  images: texts,
  tool_calls: v.nullish(
    v.array(
      v.object({
        id: text,
        function: v.object({
          name: v.string(),
          arguments: v.nullish(v.union([object, v.string()], 'expected an object')),
        }),
      }),
    ),
  ),
  tool_name: text,
  tool_call_id: text,
});

/** The body of `POST /api/chat`. */
export const chatRequestSchema = namedObject('OllamaChatRequest', {
  ...generating,
  messages: v.nullish(v.array(messageSchema)),
  tools: v.nullish(v.array(object)),
});

/** The body of `POST /api/generate`. */
export const generateRequestSchema = namedObject('OllamaGenerateRequest', {
  ...generating,
  prompt: text,
  suffix: text,
  system: text,
  template: text,
  raw: flag,
  images: texts,
});

/** The body of `POST /api/embed`. */
export const embedRequestSchema = namedObject('OllamaEmbedRequest', {
  ...shared,
  input: v.nullish(v.union([v.string(), v.array(v.string())], 'expected a string or strings')),
  dimensions: v.nullish(v.pipe(integer, v.minValue(0))),
});

/** The body of `POST /api/embeddings`, which newer clients replace by `/api/embed`. */
export const embeddingsRequestSchema = namedObject('OllamaEmbeddingsRequest', {
  ...shared,
  prompt: text,
});

/** The body of `POST /api/show`. `name` is the older spelling of `model`. */
export const showRequestSchema = namedObject('OllamaShowRequest', {
  model: v.nullish(v.union([modelIdSchema, v.literal('')])),
  name: text,
});

export type ChatRequest = Infer<typeof chatRequestSchema>;
export type GenerateRequest = Infer<typeof generateRequestSchema>;
export type EmbedRequest = Infer<typeof embedRequestSchema>;
export type EmbeddingsRequest = Infer<typeof embeddingsRequestSchema>;
export type Message = Infer<typeof messageSchema>;
