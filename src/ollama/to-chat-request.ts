import type { Destination, OpenAiRequest } from './openai-request.ts';
import type { ChatRequest } from './requests.ts';
import { toChatFields, toGeneration, toSchemaMessages } from './to-generation.ts';
import { toMessages } from './to-messages.ts';

/** Converts a request of `POST /api/chat`. Throws `invalid_request`. */
export function toChatRequest(request: ChatRequest, to: Destination): OpenAiRequest {
  const { messages, tools } = request;
  return {
    path: '/v1/chat/completions',
    body: {
      ...toGeneration(request, to),
      ...toChatFields(request, to),
      messages: [...toSchemaMessages(request, to), ...toMessages(messages ?? [])],
      ...(tools &&
        tools.length > 0 && { tools: tools.map((tool) => ({ type: 'function', ...tool })) }),
    },
  };
}
