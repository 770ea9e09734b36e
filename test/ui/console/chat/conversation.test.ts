import { describe, expect, it } from 'vitest';
import {
  createConversation,
  sortSummaries,
  toRestored,
  toTitle,
} from '../../../../ui/console/chat/conversation.ts';
import { answerOf, exchangeOf } from '../samples.ts';

describe('a conversation', () => {
  it.each([
    ['its first line', '\n  What is this?\nTell me.', 'What is this?'],
    ['cut where it is long', 'word '.repeat(30), `${'word '.repeat(12).slice(0, 59)}…`],
    ['the thing itself where there are no words', '', 'Picture'],
  ])('is called by %s', (_what, text, title) => {
    expect(toTitle([exchangeOf(text, 'Yes.')])).toBe(title);
  });

  it('that has not begun is new', () => {
    expect(toTitle([])).toBe('New chat');
  });

  it('is restored with what was under way cut off', () => {
    const answer = answerOf({ state: 'streaming', content: 'Half' });
    const kept = { ...createConversation(), exchanges: [exchangeOf('Hi', '', { answer })] };
    expect(toRestored(kept).exchanges[0]?.answer).toMatchObject({ state: 'cut', content: 'Half' });
  });
});

describe('the list of conversations', () => {
  it('has the latest first', () => {
    const at = (id: string, askedAt: number) => ({ id, askedAt, title: id });
    const sorted = sortSummaries([at('a', 1), at('c', 3), at('b', 3)]);
    expect(sorted.map(({ id }) => id)).toEqual(['b', 'c', 'a']);
  });
});
