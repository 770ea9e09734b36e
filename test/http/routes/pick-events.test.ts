import { describe, expect, it } from 'vitest';
import { pickEvents, SILENCE_MS } from '../../../src/http/routes/pick-events.ts';

/** The events of a stream with these validators. An event without one is unknown. */
const current = (tags: Record<string, string>, spacingMs?: number) =>
  new Map(
    Object.entries(tags).map(([name, validator]) => [
      name,
      { validator, frame: `${name}=${validator} `, ...(spacingMs !== undefined && { spacingMs }) },
    ]),
  );
const nothing = { events: new Map(), at: 1000 };
const sent = pickEvents(nothing, {
  seen: current({ catalog: 'c1', favorites: 'f1' }),
  now: 1000,
}).sent;

describe('pickEvents sends', () => {
  it.each([
    ['nothing when everything was sent', sent, { catalog: 'c1', favorites: 'f1' }, ''],
    ['nothing when no event is known', sent, {}, ''],
    ['nothing before any event is known', nothing, {}, ''],
    [
      'all events when nothing was sent',
      nothing,
      { catalog: 'c1', favorites: 'f1' },
      'catalog=c1 favorites=f1 ',
    ],
    ['an event that changed', sent, { catalog: 'c2', favorites: 'f1' }, 'catalog=c2 '],
    ['the known events only', sent, { catalog: 'c2' }, 'catalog=c2 '],
  ] as const)('%s', (_, before, seen, text) => {
    const now = before.at + SILENCE_MS - 1;
    const picked = pickEvents(before, { seen: current(seen), now });
    expect(picked.frames.join('')).toBe(text);
    expect(picked.sent.at).toBe(text === '' ? before.at : now);
    const again = pickEvents(picked.sent, { seen: current(seen), now });
    expect(again.frames).toEqual([]);
  });

  it('nothing when an unknown event returns unchanged', () => {
    const unavailable = pickEvents(sent, { seen: current({ catalog: 'c2' }), now: 2000 });
    const back = current({ catalog: 'c2', favorites: 'f1' });
    expect(pickEvents(unavailable.sent, { seen: back, now: 3000 }).frames).toEqual([]);
  });

  it('a comment after each 15 s of silence', () => {
    const seen = current({ catalog: 'c1', favorites: 'f1' });
    const first = pickEvents(sent, { seen, now: 16_000 });
    expect(first.frames).toEqual([expect.stringMatching(/^: .+\n\n$/)]);
    expect(pickEvents(first.sent, { seen, now: 30_999 }).frames).toEqual([]);
    expect(pickEvents(first.sent, { seen, now: 31_000 }).frames).toEqual(first.frames);
  });

  it('an event no sooner than its spacing allows, and then its newest state', () => {
    const first = pickEvents(nothing, { seen: current({ state: 'a' }, 1000), now: 5000 });
    expect(first.frames).toEqual(['state=a ']);
    const early = pickEvents(first.sent, { seen: current({ state: 'b' }, 1000), now: 5999 });
    expect(early.frames).toEqual([]);
    const late = pickEvents(early.sent, { seen: current({ state: 'c' }, 1000), now: 6000 });
    expect(late.frames).toEqual(['state=c ']);
  });
});
