import type { Context } from 'hono';
import { resolver, uniqueSymbol, type DescribeRouteOptions } from 'hono-openapi';
import type { ErrorCode } from '../../errors.ts';
import type { Answer } from '../../schema.ts';
import { toErrorAnswers, type ErrorShape } from './error-answers.ts';
import { ownHeaders, validatedHeaders } from './headers.ts';
import type { ApiKey } from '../../settings/api-keys.ts';
import { KEY_WAYS } from './security-schemes.ts';

type Parameter = NonNullable<DescribeRouteOptions['parameters']>[number];
type Responses = NonNullable<DescribeRouteOptions['responses']>;

/** Describes a JSON answer in the OpenAPI document. */
export function jsonAnswer(
  description: string,
  { schema, example, headers = ownHeaders }: Answer & { readonly headers?: typeof ownHeaders },
): Responses[string] {
  const content = { 'application/json': { schema: resolver(schema), example } };
  return { description, headers, content };
}

/** Describes a text answer in the OpenAPI document. An event stream has no schema: clients parse it into objects. */
export function textAnswer(
  description: string,
  { type, example }: { type: 'text/plain' | 'text/event-stream'; example: string },
): Responses[string] {
  const schema = type === 'text/plain' && { schema: { type: 'string' } as const };
  return { description, headers: ownHeaders, content: { [type]: { ...schema, example } } };
}

/** Describes the answers of a route that sends a document with a validator. */
export function documentAnswers(description: string, answer: Answer): Responses {
  return {
    200: jsonAnswer(description, { ...answer, headers: validatedHeaders }),
    304: { $ref: '#/components/responses/NotModified' },
  };
}

/** A route in the OpenAPI document. */
interface RouteDescription {
  readonly tag: string;
  readonly summary: string;
  /** By status. An entry with an error's status replaces the one that `errors` gives. */
  readonly answers: Responses;
  /** The errors of this route, besides those of every route. */
  readonly errors?: readonly ErrorCode[];
  readonly errorShape?: ErrorShape;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: NonNullable<DescribeRouteOptions['requestBody']>;
  /** Whether it needs no key even where keys are set. */
  readonly open?: boolean;
  /** Keys that open only this route. Where some are set, it needs a key even where other routes need none. */
  readonly ownKeys?: readonly ApiKey[];
}

/** The errors of every route that is not open. */
const USUAL_ERRORS = [
  'unauthorized',
  'forbidden_key',
  'forbidden_host',
  'forbidden_origin',
  'uri_too_long',
  'rate_limit_exceeded',
  'internal_error',
  'shutting_down',
] as const;

/** Describes a route in a property of its handler, for the generator: a middleware would cost each request. */
export function describe<H extends (c: Context) => Response | Promise<Response>>(
  description: RouteDescription,
  handler: H,
): H {
  const { tag, summary, answers, requestBody, errorShape = 'own', open = false } = description;
  const { errors = [], parameters = [], ownKeys } = description;
  const usual = USUAL_ERRORS.filter((code) => ownKeys === undefined || code !== 'forbidden_key');
  const codes = [...errors, ...(open ? (['internal_error'] as const) : usual)];
  const spec: DescribeRouteOptions = {
    tags: [tag],
    summary,
    parameters: [...parameters],
    responses: { ...toErrorAnswers(codes, errorShape), ...answers },
    ...(requestBody !== undefined && { requestBody }),
    ...(open && { security: [] }),
    ...(ownKeys !== undefined && ownKeys.length > 0 && { security: KEY_WAYS }),
  };
  return Object.assign(handler, { [uniqueSymbol]: { spec } });
}

/** The errors of a route that takes a model ID. */
export const idErrors = ['invalid_model_id', 'unknown_provider', 'no_providers'] as const;

/** The errors of a route that takes a body. */
export const bodyErrors = ['body_too_large', 'request_timeout', 'overloaded'] as const;

/** The end of a path that takes an ID: the rest of the path, with slashes and line breaks. */
export const ID_SEGMENT = ':id{[\\s\\S]+}' as const;
