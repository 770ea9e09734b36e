import type { GenericSchema, InferOutput } from 'valibot';
import type { Answer } from '../schema.ts';
import { chatAnswer, embedAnswer, embeddingsAnswer, generateAnswer } from './answers.ts';
import {
  toEmbedAnswer,
  toEmbeddingsAnswer,
  toEmbeddingsRequest,
  toEmbedRequest,
  toInputs,
} from './embeddings.ts';
import type { Destination, OpenAiRequest } from './openai-request.ts';
import {
  chatRequestSchema,
  embeddingsRequestSchema,
  embedRequestSchema,
  generateRequestSchema,
  type ChatRequest,
} from './requests.ts';
import { toChatRequest } from './to-chat-request.ts';
import { toGenerateRequest } from './to-generate-request.ts';
import { isStreamed } from './to-generation.ts';
import { toEmptyReply, type ReplyRoute, type ReplySource } from './to-reply-line.ts';
import { toWholeReply } from './to-whole-reply.ts';

/** A parsed request for a model, and its translations. */
export interface Task {
  readonly route: ReplyRoute;
  readonly model: string | null;
  /** Whether the request generates nothing, and only loads or unloads the model. */
  readonly isEmpty: boolean;
  /** Whether a request that generates nothing unloads the model. */
  readonly isUnload: boolean;
  readonly isStreamed: boolean;
  /** @throws {PaddockError} `invalid_request` */
  toRequest(to: Destination): OpenAiRequest;
  /** @throws {PaddockError} `invalid_response` */
  toWhole(value: unknown, source: ReplySource): object;
  /** Returns the answer to a request that generates nothing. */
  toEmpty(source: ReplySource, reason: EmptyReason): object;
}

/** The effect of a request that generates nothing. */
type EmptyReason = 'load' | 'unload';

/** A route of Ollama's API that a model answers. */
export interface Job<S extends GenericSchema> {
  readonly summary: string;
  readonly schema: S;
  readonly answer: Answer;
  toTask(request: InferOutput<S>): Task;
}

function toShared({ model, keep_alive: time }: Pick<ChatRequest, 'model' | 'keep_alive'>) {
  // No time to stay loaded: 0, or a duration of 0 such as `0s`.
  const isUnload = /^0+(?:\.0+)?(?:[a-zµ]+)?$/u.test(String(time ?? ''));
  return { model: model ?? null, isUnload };
}

/** `POST /api/chat`. */
export const chatJob: Job<typeof chatRequestSchema> = {
  summary: 'Chat, as Ollama’s API',
  schema: chatRequestSchema,
  answer: chatAnswer,
  toTask: (request) => ({
    route: 'chat',
    ...toShared(request),
    isEmpty: !request.messages || request.messages.length === 0,
    isStreamed: isStreamed(request),
    toRequest: (to) => toChatRequest(request, to),
    toWhole: toWholeReply,
    toEmpty: toEmptyReply,
  }),
};

/** `POST /api/generate`. */
export const generateJob: Job<typeof generateRequestSchema> = {
  summary: 'Text for a prompt, as Ollama’s API',
  schema: generateRequestSchema,
  answer: generateAnswer,
  toTask: (request) => ({
    route: 'generate',
    ...toShared(request),
    isEmpty: !request.prompt && !request.suffix,
    isStreamed: isStreamed(request),
    toRequest: (to) => toGenerateRequest(request, to),
    toWhole: toWholeReply,
    toEmpty: toEmptyReply,
  }),
};

/** `POST /api/embed`. */
export const embedJob: Job<typeof embedRequestSchema> = {
  summary: 'Embeddings, as Ollama’s API',
  schema: embedRequestSchema,
  answer: embedAnswer,
  toTask: (request) => ({
    route: 'embed',
    ...toShared(request),
    isEmpty: toInputs(request).length === 0,
    isStreamed: false,
    toRequest: (to) => toEmbedRequest(request, to),
    toWhole: (value, source) => toEmbedAnswer(value, { ...request, ...source }),
    toEmpty: ({ model }) => ({ model, embeddings: [] }),
  }),
};

/** `POST /api/embeddings`. */
export const embeddingsJob: Job<typeof embeddingsRequestSchema> = {
  summary: 'The embedding of one text, as Ollama’s older API',
  schema: embeddingsRequestSchema,
  answer: embeddingsAnswer,
  toTask: (request) => ({
    route: 'embeddings',
    ...toShared(request),
    isEmpty: !request.prompt,
    isStreamed: false,
    toRequest: (to) => toEmbeddingsRequest(request, to),
    toWhole: toEmbeddingsAnswer,
    toEmpty: () => ({ embedding: [] }),
  }),
};
