const text = (description: string, example: string) => ({
  description,
  schema: { type: 'string' } as const,
  example,
});

/** The headers that Paddock adds to answers, which the OpenAPI document describes once. */
export const HEADERS = {
  RequestId: text(
    'The ID of this request, as in the log: the client’s own `x-request-id`, or a new one.',
    '5f0c2b1e-6a0f-4a54-9d0e-3f1f7c9c2a51',
  ),
  ETag: text('A validator for `If-None-Match`.', 'W/"33aa8f6b7d1c93c4bc6a6cb2"'),
  PaddockProvider: text('The provider that the request was sent to.', 'sam-desktop'),
  PaddockModel: text(
    'The provider’s own name for the requested model. Characters beyond ASCII are percent-encoded.',
    'qwen3.6-27b',
  ),
  PaddockNote: text(
    'What the client should correct, such as its base URL or the prefix of an ID; only if there is something. Characters beyond ASCII are percent-encoded.',
    'The path lacks /v1. Add /v1 to the end of the base URL.',
  ),
  RetryAfter: text('How long to wait before a retry, in seconds.', '1'),
  Challenge: text('The authentication scheme for a key.', 'Bearer realm="paddock"'),
  Allow: text('The methods that the path accepts.', 'GET, HEAD'),
};

const toRef = (name: keyof typeof HEADERS) => ({ $ref: `#/components/headers/${name}` });

/** The headers on every answer. */
export const ownHeaders = {
  'x-request-id': toRef('RequestId'),
  'x-paddock-note': toRef('PaddockNote'),
};

/** The headers on an answer with a validator. */
export const validatedHeaders = { ...ownHeaders, etag: toRef('ETag') };

/** The headers on a provider's answer, and on Paddock's own error in its place. */
export const relayedHeaders = {
  ...ownHeaders,
  'x-paddock-provider': toRef('PaddockProvider'),
  'x-paddock-model': toRef('PaddockModel'),
};

const retryAfter = { 'retry-after': toRef('RetryAfter') };

/** The extra headers of an error, by its status. */
export const errorHeaders: Readonly<Record<number, Readonly<Record<string, { $ref: string }>>>> = {
  401: { 'www-authenticate': toRef('Challenge'), ...retryAfter },
  405: { allow: toRef('Allow') },
  429: retryAfter,
  503: retryAfter,
};
