import type { Destination } from './openai-request.ts';
import type { ChatRequest } from './requests.ts';
import type { OpenAiMessage } from './to-messages.ts';
import { toOptions } from './to-options.ts';

type Fields = Readonly<Record<string, unknown>>;
type Generating = Pick<
  ChatRequest,
  'options' | 'stream' | 'think' | 'format' | 'logprobs' | 'top_logprobs'
>;

/** Whether the answer is a stream: it is unless the request refuses it. */
export function isStreamed({ stream }: Pick<Generating, 'stream'>): boolean {
  return stream !== false;
}

/** Converts the fields of all requests for text. Throws `invalid_request` if an option has the wrong type. */
export function toGeneration(request: Generating, { model }: Destination): Fields {
  const stream = isStreamed(request);
  return {
    model,
    stream,
    // Ollama's last line has the numbers of tokens.
    ...(stream && { stream_options: { include_usage: true } }),
    ...toOptions(request.options),
  };
}

/** Converts the fields that only requests for a chat have. */
export function toChatFields(request: Generating, { speaks }: Destination): Fields {
  const { think, format, logprobs, top_logprobs: alternatives } = request;
  return {
    ...(think !== null && think !== undefined && toThinking(think, speaks)),
    ...(format && { response_format: toResponseFormat(format, speaks) }),
    ...(logprobs === true && { logprobs, ...(alternatives && { top_logprobs: alternatives }) }),
  };
}

/** llama.cpp and vLLM pass `chat_template_kwargs` to the model's template. Source: DeepSeek's guide "Thinking Mode". */
function toThinking(
  think: NonNullable<Generating['think']>,
  speaks: Destination['speaks'],
): Fields {
  const isOn = think !== false;
  const level = typeof think === 'string' ? think : null;
  if (speaks === 'deepseek') {
    return {
      thinking: { type: isOn ? 'enabled' : 'disabled' },
      ...(level !== null && { reasoning_effort: level }),
    };
  }
  // Templates and OpenAI's API have no level above "high".
  const effort = level === null ? {} : { reasoning_effort: level === 'max' ? 'high' : level };
  return { ...effort, chat_template_kwargs: { enable_thinking: isOn, ...effort } };
}

function toResponseFormat(
  format: NonNullable<Generating['format']>,
  speaks: Destination['speaks'],
): Fields {
  if (typeof format === 'string' || speaks === 'deepseek') return { type: 'json_object' };
  return { type: 'json_schema', json_schema: { name: 'answer', schema: format } };
}

/** The message that states the schema of an answer, for a provider that takes no schema; none for all others. */
export function toSchemaMessages(
  { format }: Generating,
  { speaks }: Destination,
): readonly OpenAiMessage[] {
  if (speaks !== 'deepseek' || typeof format !== 'object' || format === null) return [];
  const content = `Answer with JSON that fits this JSON schema: ${JSON.stringify(format)}`;
  return [{ role: 'system', content }];
}
