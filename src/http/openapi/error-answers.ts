import { resolver, type DescribeRouteOptions } from 'hono-openapi';
import {
  ERROR_CODES,
  messageOf,
  PaddockError,
  toAnthropicError,
  toOllamaError,
  toOpenAiError,
  type ErrorCode,
  type ErrorStatus,
} from '../../errors.ts';
import type { GenericSchema, InferOutput } from 'valibot';
import type { Answer } from '../../schema.ts';
import {
  errorSchema,
  type anthropicErrorSchema,
  ollamaErrorSchema,
  relayedAnthropicErrorSchema,
  relayedErrorSchema,
  sharedErrorSchema,
} from './error-schemas.ts';
import { errorHeaders, ownHeaders, relayedHeaders, validatedHeaders } from './headers.ts';

type Responses = NonNullable<DescribeRouteOptions['responses']>;

/** The name of an error's component, by its status. */
const STATUS_NAMES: Readonly<Record<ErrorStatus, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  408: 'RequestTimeout',
  409: 'Conflict',
  413: 'ContentTooLarge',
  414: 'UriTooLong',
  429: 'TooManyRequests',
  431: 'HeadersTooLarge',
  500: 'InternalServerError',
  501: 'NotImplemented',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** Converts an error to the body of its answer, in the shape of a schema. */
type Envelope<S extends GenericSchema> = (error: PaddockError) => InferOutput<S>;

/** The shapes of a route's errors. */
const SHAPES = {
  /** Paddock's own. */
  own: {
    prefix: '',
    schema: errorSchema,
    toEnvelope: toOpenAiError satisfies Envelope<typeof errorSchema>,
    headers: ownHeaders,
  },
  /** Paddock's own, in Anthropic's shape for Anthropic's clients. */
  ownOrAnthropic: {
    prefix: 'Shared',
    schema: sharedErrorSchema,
    toEnvelope: toOpenAiError,
    headers: ownHeaders,
  },
  /** Paddock's own, or the provider's answer. */
  relayed: {
    prefix: 'Relayed',
    schema: relayedErrorSchema,
    toEnvelope: toOpenAiError,
    headers: relayedHeaders,
  },
  /** Like `relayed`, with Paddock's own in Anthropic's shape. */
  relayedAnthropic: {
    prefix: 'RelayedAnthropic',
    schema: relayedAnthropicErrorSchema,
    toEnvelope: toAnthropicError satisfies Envelope<typeof anthropicErrorSchema>,
    headers: relayedHeaders,
  },
  /** Paddock's own or a provider's, in Ollama's shape. */
  ollama: {
    prefix: 'Ollama',
    schema: ollamaErrorSchema,
    toEnvelope: toOllamaError satisfies Envelope<typeof ollamaErrorSchema>,
    headers: ownHeaders,
  },
} as const;

/** The shape of a route's errors. */
export type ErrorShape = keyof typeof SHAPES;

/** A provider's answer: any status, any type. */
const RELAYED: Responses[string] = {
  description: 'The provider’s answer, unchanged, with its own status.',
  headers: relayedHeaders,
  content: { 'application/json': {}, 'text/event-stream': {}, '*/*': {} },
};

const WEB_SOCKET: Responses[string] = {
  description: 'A WebSocket of the model’s server, if the request asks for one.',
  headers: relayedHeaders,
};

const NOT_MODIFIED: Responses[string] = {
  description: 'The document still has the `ETag` that the client sent.',
  headers: validatedHeaders,
};

/** A provider's error in Ollama's shape. */
const TRANSLATED: Responses[string] = {
  description: 'The provider’s error, with its own status.',
  headers: relayedHeaders,
  content: {
    'application/json': {
      schema: resolver(ollamaErrorSchema),
      example: { error: 'the model failed to load' },
    },
  },
};

/** A provider's errors, of a route that translates them. */
export const translatedErrors: Responses = {
  default: { $ref: '#/components/responses/Translated' },
};

/** The answers of a route that translates requests and answers: an object, or a stream of lines of its shape. */
export function translatedAnswers({ answer }: { answer: Answer }): Responses {
  const { schema, example } = answer;
  const json = { schema: resolver(schema), example };
  const content = { 'application/json': json, 'application/x-ndjson': json };
  return {
    200: { description: 'The answer, translated', headers: relayedHeaders, content },
    ...translatedErrors,
  };
}

/** The answers of a route that passes requests on. */
export const relayedAnswers = {
  200: { $ref: '#/components/responses/Relayed' },
  default: { $ref: '#/components/responses/Relayed' },
};

const ALL = groupByStatus(ERROR_CODES);

/** The answers of a route that passes WebSockets on too. */
export const upgradedAnswers = {
  101: { $ref: '#/components/responses/WebSocket' },
  ...relayedAnswers,
};

/** The answers that routes share, by name: a provider's, and each error in each shape. */
export function toSharedResponses(): Responses {
  const shapes = Object.keys(SHAPES) as ErrorShape[];
  const errors = shapes.flatMap((shape) =>
    ALL.map(({ status, codes }) => [toName(status, shape), toResponse({ status, codes, shape })]),
  );
  return {
    Relayed: RELAYED,
    Translated: TRANSLATED,
    NotModified: NOT_MODIFIED,
    WebSocket: WEB_SOCKET,
    ...Object.fromEntries(errors),
  };
}

/** A route's errors, as references to the shared answers. The reference names the codes where they are not all of the status. */
export function toErrorAnswers(codes: readonly ErrorCode[], shape: ErrorShape): Responses {
  const answers = groupByStatus(codes).map(({ status, codes: some }) => {
    const $ref = `#/components/responses/${toName(status, shape)}`;
    const isAll = ALL.some((all) => all.status === status && all.codes.length === some.length);
    return [status, isAll ? { $ref } : { $ref, description: toDescription(some, shape) }];
  });
  return Object.fromEntries(answers);
}

function toResponse(options: { status: ErrorStatus; codes: ErrorCode[]; shape: ErrorShape }) {
  const { status, codes, shape } = options;
  const { schema, toEnvelope, headers } = SHAPES[shape];
  const examples = codes.map((code) => {
    const error = new PaddockError(code, messageOf(code));
    return [code, { value: toEnvelope(error) }];
  });
  const json = { schema: resolver(schema), examples: Object.fromEntries(examples) };
  return {
    description: toDescription(codes, shape),
    headers: { ...headers, ...errorHeaders[status] },
    content: { 'application/json': json, ...(isRelayed(shape) && { '*/*': {} }) },
  };
}

function toDescription(codes: readonly ErrorCode[], shape: ErrorShape): string {
  const own = codes.map((code) => `\`${code}\``).join(', ');
  return isRelayed(shape) ? `${own}, or the provider’s own error` : own;
}

/** Whether a provider's error may be the answer, in any shape. */
function isRelayed(shape: ErrorShape): boolean {
  return shape === 'relayed' || shape === 'relayedAnthropic';
}

function toName(status: ErrorStatus, shape: ErrorShape): string {
  return SHAPES[shape].prefix + STATUS_NAMES[status];
}

function groupByStatus(codes: readonly ErrorCode[]) {
  const groups = new Map<ErrorStatus, ErrorCode[]>();
  for (const code of codes) {
    const { status } = new PaddockError(code, '');
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return [...groups].map(([status, group]) => ({ status, codes: group }));
}
