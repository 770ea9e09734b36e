import { describe, expect, it } from 'vitest';
import { pickEvents, SILENCE_MS } from '../../../src/http/routes/pick-events.ts';

describe('a listener is sent', () => {
  const sent = { catalog: 'W/"c1"', favorites: 'W/"f1"', at: 1000 };
  const nobody = { catalog: null, favorites: null, at: 1000 };
  const catalog = (etag: string) => `event: catalog\ndata: ${etag}\n\n`;
  const favorites = (etag: string) => `event: favorites\ndata: ${etag}\n\n`;

  it.each([
    ['nothing where it was sent all', sent, ['W/"c1"', 'W/"f1"'], ''],
    ['nothing where nothing is known', sent, [null, null], ''],
    ['nothing of what is unknown yet', nobody, [null, null], ''],
    [
      'both where it was sent nothing',
      nobody,
      ['W/"c1"', 'W/"f1"'],
      catalog('W/"c1"') + favorites('W/"f1"'),
    ],
    ['the catalog where that is another', sent, ['W/"c2"', 'W/"f1"'], catalog('W/"c2"')],
    ['the favorites where those are others', sent, ['W/"c1"', 'W/"f2"'], favorites('W/"f2"')],
    ['the catalog alone where no favorites are known', sent, ['W/"c2"', null], catalog('W/"c2"')],
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

  it('nothing new where a database came back with the favorites that it had', () => {
    const away = pickEvents(sent, { seen: { catalog: 'W/"c2"', favorites: null }, now: 2000 });
    const back = { catalog: 'W/"c2"', favorites: 'W/"f1"' };
    expect(pickEvents(away.sent, { seen: back, now: 3000 }).text).toBe('');
  });

  it('a comment after fifteen seconds of silence, and the next after as many more', () => {
    const seen = { catalog: 'W/"c1"', favorites: 'W/"f1"' };
    const first = pickEvents(sent, { seen, now: 16_000 });
    expect(first.text).toMatch(/^: .+\n\n$/);
    expect(pickEvents(first.sent, { seen, now: 30_999 }).text).toBe('');
    expect(pickEvents(first.sent, { seen, now: 31_000 }).text).toBe(first.text);
  });
});
