import type { Context } from 'hono';
import { resolver, uniqueSymbol, type DescribeRouteOptions } from 'hono-openapi';
import type { GenericSchema } from 'valibot';
import {
  PaddockError,
  toAnthropicError,
  toOpenAiError,
  UNFORESEEN_MESSAGE,
  type ErrorCode,
} from '../errors.ts';
import { BODY_MEMORY_MESSAGE } from '../gateway/body-memory.ts';
import { tooSlow } from '../gateway/body-time.ts';
import { tooLarge } from '../gateway/read-bytes.ts';
import { NO_DEFAULT_MESSAGE, NO_PROVIDERS_MESSAGE } from '../resolve/resolve-model.ts';
import { toForeignMessage } from './refuse-foreign.ts';
import { toForbiddenMessage } from './refuse-strangers.ts';
import { toRateMessage } from './limit-rate.ts';
import { URL_TOO_LONG_MESSAGE } from './limit-url.ts';
import { STOPPING_MESSAGE } from './refuse-when-stopping.ts';
import { NO_KEY_MESSAGE } from './require-key.ts';
import { anthropicErrorSchema, errorSchema } from './schemas.ts';

type Answer = Response | Promise<Response>;
type Responses = NonNullable<DescribeRouteOptions['responses']>;

/** An answer of JSON, for the OpenAPI document. */
export function jsonAnswer(
  description: string,
  { schema, example }: { schema: GenericSchema; example: unknown },
): Responses[string] {
  return { description, content: { 'application/json': { schema: resolver(schema), example } } };
}

/** What the OpenAPI document says of a route. */
interface RouteDescription {
  readonly tag: string;
  readonly summary: string;
  readonly answers: Responses;
  /** The errors it can give, by code, each with an example of its message. */
  readonly errors?: Partial<Record<ErrorCode, string>>;
  readonly parameters?: NonNullable<DescribeRouteOptions['parameters']>;
  readonly requestBody?: NonNullable<DescribeRouteOptions['requestBody']>;
  /** Whether its errors have Anthropic's shape. */
  readonly anthropic?: boolean;
  /** The shape of its errors, where more stands beside them. */
  readonly errorSchema?: GenericSchema;
  /** Whether it answers without a key where there are keys. */
  readonly open?: boolean;
}

/**
 * Says what a route is for and every status it can give. The description is put on the handler itself, where the
 * document's generator finds it: as a middleware of its own it would cost each request a step.
 */
export function describe<H extends (c: Context) => Answer>(
  description: RouteDescription,
  handler: H,
): H {
  const { tag, summary, answers, parameters = [], requestBody } = description;
  const { anthropic = false, open = false } = description;
  const errors = {
    ...(!open && {
      unauthorized: NO_KEY_MESSAGE,
      forbidden_host: toForbiddenMessage('paddock.example'),
      forbidden_origin: toForeignMessage('https://chat.example'),
      rate_limit_exceeded: toRateMessage({ limit: 600, seconds: 20 }),
      uri_too_long: URL_TOO_LONG_MESSAGE,
      shutting_down: STOPPING_MESSAGE,
    }),
    internal_error: UNFORESEEN_MESSAGE,
    ...description.errors,
  };
  const usual = anthropic ? anthropicErrorSchema : errorSchema;
  const schema = description.errorSchema ?? usual;
  const responses = { ...answers, ...toErrorAnswers(errors, { anthropic, schema }) };
  const spec: DescribeRouteOptions = {
    tags: [tag],
    summary,
    parameters,
    responses,
    ...(requestBody !== undefined && { requestBody }),
    ...(open && { security: [] }),
  };
  return Object.assign(handler, { [uniqueSymbol]: { spec } });
}

/** What a client is answered that has the document already. */
export const unchanged = {
  304: { description: 'Nothing has changed since the `ETag` that was sent.' },
} as const;

/** What can be wrong with an ID. */
export const idErrors = {
  invalid_model_id: 'The model ID is longer than 512 characters.',
  unknown_provider: NO_DEFAULT_MESSAGE,
  no_providers: NO_PROVIDERS_MESSAGE,
} as const;

/** What can be wrong with any body. */
export const bodyErrors = {
  body_too_large: tooLarge(64 * 2 ** 20).message,
  request_timeout: tooSlow().message,
  overloaded: BODY_MEMORY_MESSAGE,
} as const;

/** An optional query parameter, for the OpenAPI document. */
export function queryParameter(name: string, description: string) {
  return { name, in: 'query', required: false, description, schema: { type: 'string' } } as const;
}

/** A parameter in the path, for the OpenAPI document. */
export function pathParameter(name: string, description: string) {
  return { name, in: 'path', required: true, description, schema: { type: 'string' } } as const;
}

/** The end of a route that takes an ID: all of the path's rest, slashes and line breaks too. */
export const ID_SEGMENT = ':id{[\\s\\S]+}' as const;

/** An ID at the end of a path, for the OpenAPI document. */
export const idParameter = {
  ...pathParameter('id', 'Any model ID, raw or percent-encoded; it may hold slashes.'),
  example: 'sam-desktop/qwen3.6-27b',
} as const;

function toErrorAnswers(
  errors: Partial<Record<ErrorCode, string>>,
  shape: { anthropic: boolean; schema: GenericSchema },
): Responses {
  const toEnvelope = shape.anthropic ? toAnthropicError : toOpenAiError;
  const schema = resolver(shape.schema);
  const byStatus: Record<string, Record<string, { value: unknown }>> = {};
  for (const [code, message] of Object.entries(errors)) {
    const error = new PaddockError(code as ErrorCode, message);
    byStatus[error.status] = { ...byStatus[error.status], [code]: { value: toEnvelope(error) } };
  }
  const answers = Object.entries(byStatus).map(([status, examples]) => {
    const content = { 'application/json': { schema, examples } };
    return [status, { description: Object.keys(examples).join(' or '), content }];
  });
  return Object.fromEntries(answers);
}
