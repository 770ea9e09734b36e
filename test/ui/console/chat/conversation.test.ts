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
    ['its truncated first line', 'word '.repeat(30), `${'word '.repeat(12).slice(0, 59)}…`],
    ['"Picture" without text', '', 'Picture'],
  ])('has as title %s', (_what, text, title) => {
    expect(toTitle([exchangeOf(text, 'Yes.')])).toBe(title);
  });

  it('without messages has the title "New chat"', () => {
    expect(toTitle([])).toBe('New chat');
  });

  it('is restored with its unfinished answer as cut off', () => {
    const answer = answerOf({ state: 'streaming', content: 'Half' });
    const kept = { ...createConversation(), exchanges: [exchangeOf('Hi', '', { answer })] };
    expect(toRestored(kept).exchanges[0]?.answer).toMatchObject({ state: 'cut', content: 'Half' });
  });
});

describe('the list of conversations', () => {
  it('is sorted with the latest first', () => {
    const at = (id: string, askedAt: number) => ({ id, askedAt, title: id });
    const sorted = sortSummaries([at('a', 1), at('c', 3), at('b', 3)]);
    expect(sorted.map(({ id }) => id)).toEqual(['b', 'c', 'a']);
  });
});
