import { describe, expect, it, test, vi } from 'vitest';
import { createSlices } from '../../src/catalog/slices.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { createDocument, matchesEtag } from '../../src/http/documents.ts';

describe('a validator', () => {
  it.each([
    ['itself', 'W/"abc"', true],
    ['itself without its weakness', '"abc"', true],
    ['itself with spaces around it', '  W/"abc" ', true],
    ['a list that has it', '"x", W/"abc","y"', true],
    ['a list that has it without spaces', '"x","abc"', true],
    ['a star', '*', true],
    ['a star with spaces', ' * ', true],
    ['another', 'W/"abd"', false],
    ['a longer one', 'W/"abcd"', false],
    ['a part of it', '"ab"', false],
    ['itself in capitals', 'W/"ABC"', false],
    ['itself without quotation marks', 'abc', false],
    ['a list without it', '"x", "y"', false],
    ['a star in quotation marks', '"*"', false],
    ['an empty text', '', false],
  ])('and %s match or not', (...[, header, matches]) => {
    expect(matchesEtag(header, 'W/"abc"')).toBe(matches);
  });
});

interface Said {
  readonly what: string;
  readonly at: number;
}

function setUp() {
  const render = vi.fn(({ what, at }: Said) => ({
    body: [JSON.stringify({ what, at })],
    identity: [what],
  }));
  return { render, toDocument: createDocument({ render, slices: createSlices(systemClock) }) };
}

describe('a document', () => {
  test('is the text of its rendering in UTF-8', async () => {
    const { body } = await setUp().toDocument({ what: 'é🦙', at: 1 });
    expect(new TextDecoder().decode(body)).toBe('{"what":"é🦙","at":1}');
  });

  test('has a weak validator of plain ASCII', async () => {
    const { etag } = await setUp().toDocument({ what: 'é', at: 1 });
    expect(etag).toMatch(/^W\/"[0-9a-f]{24}"$/);
  });

  test('shares its validator with those that say the same at another time', async () => {
    const { toDocument } = setUp();
    const first = await toDocument({ what: 'a', at: 1 });
    const second = await toDocument({ what: 'a', at: 2 });
    expect(second.etag).toBe(first.etag);
    expect(second.body).not.toEqual(first.body);
  });

  test('shares its validator with one of another process', async () => {
    const source = { what: 'a', at: 1 };
    const [one, other] = [await setUp().toDocument(source), await setUp().toDocument(source)];
    expect(other.etag).toBe(one.etag);
  });

  test('has a validator of its own where it says something else', async () => {
    const { toDocument } = setUp();
    const first = await toDocument({ what: 'a', at: 1 });
    expect((await toDocument({ what: 'b', at: 1 })).etag).not.toBe(first.etag);
  });

  test('is rendered once for as long as its source stays', async () => {
    const { render, toDocument } = setUp();
    const source = { what: 'a', at: 1 };
    const first = await toDocument(source);
    expect(await toDocument(source)).toBe(first);
    expect(render).toHaveBeenCalledTimes(1);
    await toDocument({ ...source });
    expect(render).toHaveBeenCalledTimes(2);
  });

  test('is rendered once for fifty who ask for it together', async () => {
    const { render, toDocument } = setUp();
    const source = { what: 'a', at: 1 };
    const documents = await Promise.all(Array.from({ length: 50 }, () => toDocument(source)));
    expect(new Set(documents.map(({ etag }) => etag)).size).toBe(1);
    expect(render).toHaveBeenCalledTimes(1);
  });
});
