import * as v from 'valibot';
import { ERROR_CODES } from '../../errors.ts';
import { named, namedObject } from '../../schema.ts';

/** The fields of an error of Paddock's own. */
export const errorEntries = {
  src: v.literal('paddock'),
  error: v.object({
    message: v.string(),
    type: v.string(),
    param: v.nullable(v.string()),
    code: named('ErrorCode', v.picklist(ERROR_CODES)),
  }),
};

/** An error of Paddock's own. */
export const errorSchema = namedObject('PaddockError', errorEntries);

/** An error of Paddock's own in Anthropic's shape. */
export const anthropicErrorSchema = namedObject('AnthropicError', {
  type: v.literal('error'),
  src: v.literal('paddock'),
  error: v.object({ type: v.string(), message: v.string() }),
});

/** An error of Paddock's own on a route that clients of OpenAI and of Anthropic share. */
export const sharedErrorSchema = named(
  'PaddockOrAnthropicError',
  v.union([errorSchema, anthropicErrorSchema]),
);

/** Any error on a route of Ollama's API: Paddock's own, or the message of a provider's. */
export const ollamaErrorSchema = namedObject('OllamaError', { error: v.string() });

const upstreamError = named(
  'UpstreamError',
  v.pipe(v.unknown(), v.description('An error of the provider, unchanged: any JSON.')),
);

/** An error on a route whose answers come from a provider. */
export const relayedErrorSchema = named('RelayedError', v.union([errorSchema, upstreamError]));

/** Like `relayedErrorSchema`, with Paddock's own errors in Anthropic's shape. */
export const relayedAnthropicErrorSchema = named(
  'RelayedAnthropicError',
  v.union([anthropicErrorSchema, upstreamError]),
);
