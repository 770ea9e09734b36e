import { PaddockError } from '../errors.ts';
import type { Destination, OpenAiRequest } from './openai-request.ts';
import { readError, toNumber, toObject } from './reply-part.ts';
import type { EmbeddingsRequest, EmbedRequest } from './requests.ts';
import { toNanoseconds, type ReplySource } from './to-reply-line.ts';

type Vector = readonly number[];

/** Returns the texts of a request of `POST /api/embed`. */
export function toInputs({ input }: Pick<EmbedRequest, 'input'>): readonly string[] {
  if (typeof input === 'string') return input === '' ? [] : [input];
  return input ?? [];
}

/** Converts a request of `POST /api/embed`. */
export function toEmbedRequest(request: EmbedRequest, { model }: Destination): OpenAiRequest {
  const { dimensions } = request;
  const input = toInputs(request);
  const sized = dimensions ? { dimensions } : {};
  return { path: '/v1/embeddings', body: { model, input, encoding_format: 'float', ...sized } };
}

/** Converts a request of `POST /api/embeddings`. */
export function toEmbeddingsRequest(
  { prompt }: EmbeddingsRequest,
  { model }: Destination,
): OpenAiRequest {
  return { path: '/v1/embeddings', body: { model, input: prompt, encoding_format: 'float' } };
}

/** Converts an answer to that of `POST /api/embed`, with vectors of magnitude 1. Throws `invalid_response`. */
export function toEmbedAnswer(
  value: unknown,
  options: ReplySource & Pick<EmbedRequest, 'input' | 'dimensions'>,
): object {
  const { model, elapsed, provider, dimensions } = options;
  const vectors = readVectors(value, options);
  const wanted = toInputs(options).length;
  if (vectors.length !== wanted) {
    const message = `${provider} sent ${vectors.length} embeddings for ${wanted} texts.`;
    throw new PaddockError('invalid_response', message);
  }
  const { prompt_tokens: tokens } = toObject(toObject(value)['usage']);
  return {
    model,
    embeddings: vectors.map((vector) => toUnit(dimensions ? vector.slice(0, dimensions) : vector)),
    total_duration: toNanoseconds(elapsed()),
    load_duration: 0,
    prompt_eval_count: toNumber(tokens) ?? 0,
  };
}

/** Converts an answer to that of `POST /api/embeddings`. Throws `invalid_response`. */
export function toEmbeddingsAnswer(value: unknown, source: ReplySource): object {
  return { embedding: readVectors(value, source)[0] ?? [] };
}

function readVectors(value: unknown, { provider }: ReplySource): readonly Vector[] {
  const { data, ...rest } = toObject(value);
  const error = readError(rest);
  if (error !== null) throw new PaddockError('invalid_response', error);
  const rows: readonly unknown[] = Array.isArray(data) ? data : [];
  const vectors = rows.map((row) => toObject(row)['embedding']);
  if (Array.isArray(data) && vectors.every(isVector)) return vectors;
  throw new PaddockError('invalid_response', `${provider} sent no embeddings.`);
}

function isVector(value: unknown): value is Vector {
  return Array.isArray(value) && value.every((number) => typeof number === 'number');
}

/** How far a magnitude may be from 1: rounding to 32-bit floats stays below it. */
const CLOSE = 1e-4;

function toUnit(vector: Vector): Vector {
  const magnitude = Math.sqrt(vector.reduce((sum, number) => sum + number * number, 0));
  const isUnit = Math.abs(magnitude - 1) < CLOSE;
  return isUnit || magnitude === 0 ? vector : vector.map((number) => number / magnitude);
}
