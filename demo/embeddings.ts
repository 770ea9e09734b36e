import { countTokens } from './reply.ts';
import type { ServerRoute } from './server-call.ts';
import { toServerError } from './server-error.ts';
import { toVector } from './vector.ts';

const MAX_DIMENSIONS = 4096;

/** `/v1/embeddings`: for a text, a list of texts, or tokens instead of text; returns numbers or base64. */
export const answerEmbeddings: ServerRoute = async ({ body, model, work }) => {
  const { input, dimensions, encoding_format: encoding, model: name } = body.json;
  const texts = readTexts(input);
  if (texts.length === 0) return toServerError(400, '"input" or "content" must be provided');
  const tokens = texts.reduce((total, text) => total + countTokens(text), 0);
  await work(texts.length);
  const data = texts.map((text, index) => {
    const vector = toVector({ model: model.id, text, ...readDimensions(dimensions) });
    const embedding = encoding === 'base64' ? toBase64(vector) : [...vector];
    return { embedding, index, object: 'embedding' };
  });
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return Response.json({ model: name ?? model.id, object: 'list', usage, data });
};

/** Reads the texts. A list of numbers is one text as tokens, and a list of such lists is several. */
function readTexts(input: unknown): string[] {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input)) return [];
  return typeof input[0] === 'number' ? [input.join(' ')] : input.map((text) => [text].join(' '));
}

function readDimensions(value: unknown): { dimensions?: number } {
  const isValid = Number.isInteger(value) && Number(value) > 0 && Number(value) <= MAX_DIMENSIONS;
  return isValid ? { dimensions: Number(value) } : {};
}

/** Encodes a vector as little-endian 32-bit floats, on any machine. */
function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
