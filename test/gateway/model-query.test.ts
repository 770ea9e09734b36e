import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseModelQuery } from '../../src/gateway/model-query.ts';
import { inputs } from '../fuzz.ts';

describe('parseModelQuery', () => {
  it.each([
    ['alone', '?model=a%2Fb', 'a/b', '?model=m%201'],
    ['among others', '?x=%20+&model=a/b&y&=&', 'a/b', '?x=%20+&model=m%201&y&=&'],
    ['with a plus for a space', '?model=a+b%2B', 'a b+', '?model=m%201'],
    ['with an equals sign', '?model=a=b', 'a=b', '?model=m%201'],
    ['empty', '?model=', '', '?model=m%201'],
    ['without a value', '?model', '', '?model=m%201'],
  ])('finds a model %s', (_where, query, model, renamed) => {
    const parsed = parseModelQuery(query);
    expect(parsed.model).toBe(model);
    expect(parsed.withModel('m 1')).toBe(renamed);
  });

  it.each([
    ['no query', '', '?model=m'],
    ['an empty query', '?', '?model=m'],
    ['other parameters', '?x=1&models=2', '?x=1&models=2&model=m'],
    ['a trailing ampersand', '?x=1&', '?x=1&model=m'],
  ])('adds a model to %s', (_what, query, named) => {
    const parsed = parseModelQuery(query);
    expect(parsed.model).toBe(null);
    expect(parsed.withModel('m')).toBe(named);
  });

  it('does not change a query whose model has that name already', () => {
    expect(parseModelQuery('?model=%61').withModel('a')).toBe('?model=%61');
  });

  it.each([
    ['two models', '?model=a&model=b', 'invalid_request'],
    ['a model that is not UTF-8', '?model=%ff', 'invalid_model_id'],
    ['a lone percent sign', '?model=100%', 'invalid_model_id'],
  ])('refuses %s', (_what, query, code) => {
    expect(() => parseModelQuery(query)).toThrow(expect.objectContaining({ code }));
  });

  it('reads any name that it has written', () => {
    const name = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(name, fc.constantFrom('', '?a=b', '?model=x&c', '?c&model'), (model, query) => {
        expect(parseModelQuery(parseModelQuery(query).withModel(model)).model).toBe(model);
      }),
      inputs(100),
    );
  });
});
