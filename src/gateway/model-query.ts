import { PaddockError } from '../errors.ts';
import { decodeId } from '../resolve/decode-id.ts';

const TWO_MODELS_MESSAGE = 'The query names a model twice: send one model=provider/model.';

/** A query that can name a model. */
export interface ModelQuery {
  /** The decoded value of `model`, or null if there is none. */
  readonly model: string | null;
  /** Returns the same query with another model's name and no other change. */
  withModel(model: string): string;
}

/** Parses a query, from its question mark on. Throws if it names two models, or is not valid UTF-8. */
export function parseModelQuery(query: string): ModelQuery {
  const pairs = query.slice(1).split('&');
  const at = pairs.findIndex(isModel);
  if (pairs.findLastIndex(isModel) !== at) {
    throw new PaddockError('invalid_request', TWO_MODELS_MESSAGE, { param: 'model' });
  }
  const pair = pairs[at];
  if (pair === undefined) {
    return { model: null, withModel: (name) => `${query || '?'}${separator(query)}${write(name)}` };
  }
  const [, text = ''] = splitPair(pair);
  const model = decodeId(text.replaceAll('+', ' '));
  return {
    model,
    withModel: (name) => (name === model ? query : `?${pairs.with(at, write(name)).join('&')}`),
  };
}

function separator(query: string): string {
  return query === '' || query.endsWith('?') || query.endsWith('&') ? '' : '&';
}

function write(model: string): string {
  return `model=${encodeURIComponent(model)}`;
}

function isModel(pair: string): boolean {
  return splitPair(pair)[0] === 'model';
}

function splitPair(pair: string): [name: string, value: string] {
  const equals = pair.indexOf('=');
  return equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
}
