import { describe, expect, it } from 'vitest';
import {
  countSet,
  NO_PARAMETERS,
  readNumber,
} from '../../../../ui/console/completion/parameters.ts';

describe('a parameter', () => {
  it.each([
    ['', null],
    ['  ', null],
    ['0', 0],
    ['0,7', 0.7],
    ['1e3', 1000],
    ['hot', null],
  ])('typed as “%s” is read as %s', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });

  it('is counted when it is set', () => {
    expect(countSet(NO_PARAMETERS)).toBe(0);
    expect(countSet({ system: ' ', temperature: 0, topP: null, maxTokens: 8 })).toBe(2);
  });
});
