import { describe, expect, it, test, vi } from 'vitest';
import { createSlices } from '../../src/catalog/slices.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { createDocument, matchesEtag } from '../../src/http/documents.ts';

describe('matchesEtag', () => {
  it.each([
    ['the same ETag', 'W/"abc"', true],
    ['the strong form', '"abc"', true],
    ['spaces around it', '  W/"abc" ', true],
    ['a list that contains it', '"x", W/"abc","y"', true],
    ['a list without spaces that contains it', '"x","abc"', true],
    ['a star', '*', true],
    ['a star with spaces', ' * ', true],
    ['another ETag', 'W/"abd"', false],
    ['a longer ETag', 'W/"abcd"', false],
    ['a part of it', '"ab"', false],
    ['capitals', 'W/"ABC"', false],
    ['no quotation marks', 'abc', false],
    ['a list without it', '"x", "y"', false],
    ['a star in quotation marks', '"*"', false],
    ['an empty text', '', false],
  ])('compares with %s', (...[, header, matches]) => {
    expect(matchesEtag(header, 'W/"abc"')).toBe(matches);
  });
});

interface Source {
  readonly what: string;
  readonly at: number;
}

function setUp() {
  const render = vi.fn(({ what, at }: Source) => ({
    body: [JSON.stringify({ what, at })],
    identity: [what],
  }));
  return { render, toDocument: createDocument({ render, slices: createSlices(systemClock) }) };
}

describe('createDocument', () => {
  test('encodes the rendered text in UTF-8', async () => {
    const { body } = await setUp().toDocument({ what: 'é🦙', at: 1 });
    expect(new TextDecoder().decode(body)).toBe('{"what":"é🦙","at":1}');
  });

  test('makes a weak ETag in ASCII', async () => {
    const { etag } = await setUp().toDocument({ what: 'é', at: 1 });
    expect(etag).toMatch(/^W\/"[0-9a-f]{24}"$/);
  });

  test('makes the same ETag for the same identity at another time', async () => {
    const { toDocument } = setUp();
    const first = await toDocument({ what: 'a', at: 1 });
    const second = await toDocument({ what: 'a', at: 2 });
    expect(second.etag).toBe(first.etag);
    expect(second.body).not.toEqual(first.body);
  });

  test('makes the same ETag in another process', async () => {
    const source = { what: 'a', at: 1 };
    const [one, other] = [await setUp().toDocument(source), await setUp().toDocument(source)];
    expect(other.etag).toBe(one.etag);
  });

  test('makes another ETag for another identity', async () => {
    const { toDocument } = setUp();
    const first = await toDocument({ what: 'a', at: 1 });
    expect((await toDocument({ what: 'b', at: 1 })).etag).not.toBe(first.etag);
  });

  test('renders once for each source object', async () => {
    const { render, toDocument } = setUp();
    const source = { what: 'a', at: 1 };
    const first = await toDocument(source);
    expect(await toDocument(source)).toBe(first);
    expect(render).toHaveBeenCalledTimes(1);
    await toDocument({ ...source });
    expect(render).toHaveBeenCalledTimes(2);
  });

  test('renders once for fifty concurrent calls', async () => {
    const { render, toDocument } = setUp();
    const source = { what: 'a', at: 1 };
    const documents = await Promise.all(Array.from({ length: 50 }, () => toDocument(source)));
    expect(new Set(documents.map(({ etag }) => etag)).size).toBe(1);
    expect(render).toHaveBeenCalledTimes(1);
  });
});
