import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickPage, type PageQuery } from '../../src/catalog/model-page.ts';
import { openAiModelAnswer } from '../../src/catalog/openai-models.ts';
import { inputs } from '../fuzz.ts';

const modelsOf = (ids: readonly string[]) =>
  ids.map((id) => ({ ...openAiModelAnswer.example, id }));
const five = modelsOf(['a', 'b', 'c', 'd', 'e']);

function pick(query: PageQuery) {
  const { data, ...rest } = pickPage(five, query);
  return [data.map(({ id }) => id).join(''), rest];
}

const page = (text: string, more: boolean) => [
  text,
  { object: 'list', first_id: text[0] ?? null, last_id: text.at(-1) ?? null, has_more: more },
];

describe('pickPage', () => {
  it.each<[PageQuery, unknown]>([
    [{}, page('abcde', false)],
    [{ limit: '2' }, page('ab', true)],
    [{ limit: '5' }, page('abcde', false)],
    [{ limit: '1000' }, page('abcde', false)],
    [{ after_id: 'b' }, page('cde', false)],
    [{ after_id: 'b', limit: '2' }, page('cd', true)],
    [{ after_id: 'e' }, page('', false)],
    [{ before_id: 'd' }, page('abc', false)],
    [{ before_id: 'd', limit: '2' }, page('bc', true)],
    [{ before_id: 'a', limit: '2' }, page('', false)],
  ])('picks the page of %j', (query, expected) => {
    expect(pick(query)).toEqual(expected);
  });

  it.each<[PageQuery, string, string]>(
    [
      ...['0', '-1', '1.5', '1001', '', 'all', '1e2'].map(
        (limit) => [{ limit }, 'limit', 'limit must be a whole number from 1 to 1000.'] as const,
      ),
      [{ after_id: 'x' }, 'after_id', 'after_id names no model of the list.'],
      [{ before_id: '' }, 'before_id', 'before_id names no model of the list.'],
      [{ after_id: 'a', before_id: 'c' }, 'before_id', 'Send either after_id or before_id'],
    ].map(([query, param, message]) => [query, param, message] as [PageQuery, string, string]),
  )('refuses %j', (query, param, message) => {
    const refused = expect.objectContaining({
      code: 'invalid_request',
      param,
      message: expect.stringContaining(message),
    });
    expect(() => pickPage(five, query)).toThrow(refused);
  });

  it('shows every model once to a client that follows the pages in either direction', () => {
    const property = fc.property(
      fc.nat({ max: 40 }),
      fc.integer({ min: 1, max: 12 }),
      (size, most) => {
        const ids = Array.from({ length: size }, (_, index) => `m${index}`);
        const models = modelsOf(ids);
        const limit = String(most);
        const forward: string[] = [];
        for (let query: PageQuery = { limit }, more = true; more;) {
          const { data, last_id: last, has_more: hasMore } = pickPage(models, query);
          forward.push(...data.map(({ id }) => id));
          query = { limit, after_id: last ?? '' };
          more = hasMore;
        }
        expect(forward).toEqual(ids);
        if (size === 0) return;
        const backward = [ids.at(-1)!];
        for (let before = ids.at(-1)!, more = true; more;) {
          const {
            data,
            first_id: first,
            has_more: hasMore,
          } = pickPage(models, {
            limit,
            before_id: before,
          });
          backward.unshift(...data.map(({ id }) => id));
          before = first ?? '';
          more = hasMore;
        }
        expect(backward).toEqual(ids);
      },
    );
    fc.assert(property, inputs(200));
  });
});
