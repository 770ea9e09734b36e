import { PaddockError } from '../errors.ts';
import type { Destination, OpenAiRequest } from './openai-request.ts';
import type { GenerateRequest } from './requests.ts';
import { fillTemplate } from './fill-template.ts';
import { toChatRequest } from './to-chat-request.ts';
import { toGeneration } from './to-generation.ts';

/**
 * Converts a request of `POST /api/generate`: with a suffix to infilling, with a raw prompt or a template of its own to a
 * completion, else to a chat, to which the model's own template applies.
 * @throws {PaddockError} `invalid_request`
 */
export function toGenerateRequest(request: GenerateRequest, to: Destination): OpenAiRequest {
  const { raw, template, suffix } = request;
  if (raw === true && (template || request.system)) {
    throw invalid('A raw prompt takes no template and no system text: leave them out.');
  }
  if (suffix) return toInfillRequest(request, to);
  if (raw === true) return toCompletionRequest(request, to);
  if (template) {
    const prompt = fillTemplate(template, request);
    return toCompletionRequest({ ...request, prompt }, to);
  }
  const { system, prompt, images, ...rest } = request;
  const user = { role: 'user', content: prompt, images };
  const messages = system ? [{ role: 'system', content: system }, user] : [user];
  return toChatRequest({ ...rest, messages }, to);
}

function toCompletionRequest(request: GenerateRequest, to: Destination): OpenAiRequest {
  if (request.images && request.images.length > 0) {
    throw invalid('A raw prompt, a template or a suffix takes no images: leave one of them out.');
  }
  const body = { ...toGeneration(request, to), prompt: request.prompt };
  return { path: '/v1/completions', body };
}

function toInfillRequest(request: GenerateRequest, to: Destination): OpenAiRequest {
  const { prompt, suffix } = request;
  const { path, body } = toCompletionRequest(request, to);
  if (to.speaks !== 'llama.cpp') return { path, body: { ...body, suffix } };
  const { prompt: _prompt, max_tokens: limit, ...rest } = body;
  const named = { ...rest, input_prefix: prompt, input_suffix: suffix, prompt: '' };
  return { path: '/infill', body: limit === undefined ? named : { ...named, n_predict: limit } };
}

function invalid(message: string): PaddockError {
  return new PaddockError('invalid_request', message);
}
