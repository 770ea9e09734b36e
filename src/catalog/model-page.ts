import { PaddockError } from '../errors.ts';
import type { OpenAiModel } from './openai-models.ts';

/** The query of a page, as the client sent it. */
export interface PageQuery {
  readonly limit?: string | undefined;
  readonly after_id?: string | undefined;
  readonly before_id?: string | undefined;
}

/** The largest page. Source: Anthropic's API reference, "List Models". */
const MAX_LIMIT = 1000;

/**
 * Picks a page of the models: those after an ID, those right before one, or the first ones. Without a limit it has all of
 * them, unlike Anthropic's 20: clients that ask once must see every model.
 * @throws {PaddockError} `invalid_request`
 */
export function pickPage(models: readonly OpenAiModel[], query: PageQuery) {
  const { after_id: after, before_id: before } = query;
  const limit = parseLimit(query.limit);
  if (after !== undefined && before !== undefined) {
    throw invalid('before_id', 'Send either after_id or before_id, not both.');
  }
  const from =
    after === undefined ? 0 : findIndex(models, { parameter: 'after_id', id: after }) + 1;
  const to =
    before === undefined
      ? models.length
      : findIndex(models, { parameter: 'before_id', id: before });
  const start = before === undefined ? from : Math.max(from, to - limit);
  const end = Math.min(to, start + limit);
  const data = models.slice(start, end);
  return {
    object: 'list' as const,
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    // Whether there are more models in the direction of the request.
    has_more: before === undefined ? end < models.length : start > 0,
  };
}

function parseLimit(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const limit = /^\d{1,4}$/u.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw invalid('limit', `limit must be a whole number from 1 to ${MAX_LIMIT}.`);
}

function findIndex(
  models: readonly OpenAiModel[],
  { parameter, id }: { parameter: string; id: string },
): number {
  const index = models.findIndex((model) => model.id === id);
  if (index !== -1) return index;
  throw invalid(
    parameter,
    `${parameter} names no model of the list. The list may have changed: ask again without ${parameter}.`,
  );
}

function invalid(param: string, message: string): PaddockError {
  return new PaddockError('invalid_request', message, { param });
}
