import { describe, expect, it, test } from 'vitest';
import { pickContextWindow } from '../../src/catalog/context-window.ts';
import { findPublishedContext } from '../../src/catalog/published-contexts.ts';
import { readProps } from '../../src/catalog/read-props.ts';

const NONE = { configured: null, declared: null, loaded: null, learned: null, static: null };

describe('a context window', () => {
  it.each([
    ['configured', { configured: 1, declared: 2, loaded: 3, learned: 4, static: 5 }, 1],
    ['declared', { ...NONE, declared: 2, loaded: 3, learned: 4, static: 5 }, 2],
    ['loaded', { ...NONE, loaded: 3, learned: 4, static: 5 }, 3],
    ['learned', { ...NONE, learned: 4, static: 5 }, 4],
    ['static', { ...NONE, static: 5 }, 5],
    ['unknown', NONE, null],
  ])('is %s, by the first that is known', (contextSource, known, contextWindow) => {
    expect(pickContextWindow(known)).toEqual({ contextWindow, contextSource });
  });
});

describe('a published context window', () => {
  it.each([
    ['deepseek-v4-flash', 1_048_576],
    ['deepseek-v4-pro', 1_048_576],
    ['deepseek-chat', 131_072],
    ['deepseek-reasoner', 131_072],
  ])('of DeepSeek’s %s is %i', (model, tokens) => {
    expect(findPublishedContext('deepseek', model)).toBe(tokens);
  });

  it.each([
    'deepseek-v5',
    'DeepSeek-V4-Pro',
    'deepseek-v4-pro ',
    'deepseek',
    '',
    '__proto__',
    'toString',
  ])('of anything else, such as "%s", is unknown', (model) => {
    expect(findPublishedContext('deepseek', model)).toBeNull();
  });

  test('is for the cloud alone, whatever a local model is called', () => {
    expect(findPublishedContext('llama-swap', 'deepseek-chat')).toBeNull();
    expect(findPublishedContext('openai', 'deepseek-v4-pro')).toBeNull();
  });
});

describe('what /props says', () => {
  const props = (n_ctx: unknown) => ({ default_generation_settings: { n_ctx } });
  it.each([
    ['a number', props(16_384), 16_384],
    ['negative', props(-1), null],
    ['a text', props('16384'), null],
    ['a trillion', props(1e12), null],
    ['0', props(0), null],
    ['in no place', { n_ctx: 4096 }, null],
    ['an array', [], null],
    ['null', null, null],
    ['an error', { error: { message: 'no' } }, null],
  ])('is read where it is %s', (_, value, tokens) => {
    expect(readProps(value)).toBe(tokens);
  });
});
