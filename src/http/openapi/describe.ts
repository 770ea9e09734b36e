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

/** An answer of JSON, for the OpenAPI document. */
export function jsonAnswer(
  description: string,
  { schema, example, headers = ownHeaders }: Answer & { readonly headers?: typeof ownHeaders },
): Responses[string] {
  const content = { 'application/json': { schema: resolver(schema), example } };
  return { description, headers, content };
}

/** An answer of text, for the OpenAPI document. Events have no schema: a reader gets each of them as an object. */
export function textAnswer(
  description: string,
  { type, example }: { type: 'text/plain' | 'text/event-stream'; example: string },
): Responses[string] {
  const schema = type === 'text/plain' && { schema: { type: 'string' } as const };
  return { description, headers: ownHeaders, content: { [type]: { ...schema, example } } };
}

/** The answers of a route that sends a document with a validator. */
export function documentAnswers(description: string, answer: Answer): Responses {
  return {
    200: jsonAnswer(description, { ...answer, headers: validatedHeaders }),
    304: { $ref: '#/components/responses/NotModified' },
  };
}

/** What the OpenAPI document says of a route. */
interface RouteDescription {
  readonly tag: string;
  readonly summary: string;
  /** By status; one of an error's status stands in place of what `errors` makes. */
  readonly answers: Responses;
  /** The errors that this route can give, beside those that any route can. */
  readonly errors?: readonly ErrorCode[];
  readonly errorShape?: ErrorShape;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: NonNullable<DescribeRouteOptions['requestBody']>;
  /** Whether it answers without a key where there are keys. */
  readonly open?: boolean;
  /** The keys that open this route alone: where there are some, it needs a key even where others need none. */
  readonly ownKeys?: readonly ApiKey[];
}

/** What any route can answer that is not open to everybody. */
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

/**
 * Says what a route is for and every status it can give. The description is put on the handler itself, where the
 * document's generator finds it: as a middleware of its own it would cost each request a step.
 */
export function describe<H extends (c: Context) => Response | Promise<Response>>(
  description: RouteDescription,
  handler: H,
): H {
  const { tag, summary, answers, requestBody, errorShape = 'own', open = false } = description;
  const { errors = [], parameters = [], ownKeys } = description;
  const codes: readonly ErrorCode[] = open
    ? ['internal_error', ...errors]
    : [
        ...errors,
        ...USUAL_ERRORS.filter((code) => ownKeys === undefined || code !== 'forbidden_key'),
      ];
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

/** What can be wrong with an ID. */
export const idErrors = ['invalid_model_id', 'unknown_provider', 'no_providers'] as const;

/** What can be wrong with any body. */
export const bodyErrors = ['body_too_large', 'request_timeout', 'overloaded'] as const;

/** The end of a route that takes an ID: all of the path's rest, slashes and line breaks too. */
export const ID_SEGMENT = ':id{[\\s\\S]+}' as const;
