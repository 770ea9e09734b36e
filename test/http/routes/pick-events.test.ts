import { describe, expect, it } from 'vitest';
import { pickEvents, SILENCE_MS } from '../../../src/http/routes/pick-events.ts';

describe('pickEvents sends', () => {
  const sent = { catalog: 'W/"c1"', favorites: 'W/"f1"', at: 1000 };
  const nothing = { catalog: null, favorites: null, at: 1000 };
  const catalog = (etag: string) => `event: catalog\ndata: ${etag}\n\n`;
  const favorites = (etag: string) => `event: favorites\ndata: ${etag}\n\n`;

  it.each([
    ['nothing when everything was sent', sent, ['W/"c1"', 'W/"f1"'], ''],
    ['nothing when no ETag is known', sent, [null, null], ''],
    ['nothing before any ETag is known', nothing, [null, null], ''],
    [
      'both ETags when nothing was sent',
      nothing,
      ['W/"c1"', 'W/"f1"'],
      catalog('W/"c1"') + favorites('W/"f1"'),
    ],
    ['the catalog when it changed', sent, ['W/"c2"', 'W/"f1"'], catalog('W/"c2"')],
    ['the favorites when they changed', sent, ['W/"c1"', 'W/"f2"'], favorites('W/"f2"')],
    ['the catalog only when no favorites are known', sent, ['W/"c2"', null], catalog('W/"c2"')],
  ] as const)('%s', (_, before, [c, f], text) => {
    const now = before.at + SILENCE_MS - 1;
    const picked = pickEvents(before, { seen: { catalog: c, favorites: f }, now });
    expect(picked.text).toBe(text);
    expect(picked.sent).toEqual(
      text === ''
        ? before
        : { catalog: c ?? before.catalog, favorites: f ?? before.favorites, at: now },
    );
  });

  it('nothing when a database returns with the same favorites', () => {
    const unavailable = pickEvents(sent, {
      seen: { catalog: 'W/"c2"', favorites: null },
      now: 2000,
    });
    const back = { catalog: 'W/"c2"', favorites: 'W/"f1"' };
    expect(pickEvents(unavailable.sent, { seen: back, now: 3000 }).text).toBe('');
  });

  it('a comment after each 15 s of silence', () => {
    const seen = { catalog: 'W/"c1"', favorites: 'W/"f1"' };
    const first = pickEvents(sent, { seen, now: 16_000 });
    expect(first.text).toMatch(/^: .+\n\n$/);
    expect(pickEvents(first.sent, { seen, now: 30_999 }).text).toBe('');
    expect(pickEvents(first.sent, { seen, now: 31_000 }).text).toBe(first.text);
  });
});
