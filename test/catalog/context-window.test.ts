import { safeParse } from 'valibot';
import { describe, expect, it, test } from 'vitest';
import { findContextWindow } from '../../src/catalog/context-window.ts';
import type { LearnedContext, LoadedContext } from '../../src/catalog/loaded-context.ts';
import { PROPS } from '../../src/registry/kinds/llama-swap-bodies.ts';
import type { Snapshot } from '../../src/catalog/snapshot.ts';
import { parseSettings } from '../../src/settings/settings.ts';

const { providers } = parseSettings({
  PROVIDERS: 'set=llama-swap://set?context=1 a=llama-swap://a b=openai://b',
  DEEPSEEK_API_KEY: 'k',
}).registry;
const CHAT = 'deepseek-chat';

/** The context window that Paddock finds for an alias of a model, from what a snapshot has of it. */
function find(
  name: string,
  seen: { declared?: number; loaded?: LoadedContext; learned?: LearnedContext },
) {
  const provider = providers.get(name);
  if (provider === undefined) throw new Error(`There is no provider ${name}`);
  const listed = {
    model: 'alias',
    kind: 'alias' as const,
    peer: null,
    name: 'alias',
    description: null,
    state: 'ready' as const,
    declaredContext: seen.declared ?? null,
    runsAs: CHAT,
    servers: [CHAT],
    aliases: [],
    capabilities: [],
    modalities: { input: [], output: [] },
    details: { parameters: [], llamaSwap: null },
  };
  const checkedAt = '2026-11-24T10:00:00.000Z';
  const loaded = new Map(seen.loaded === undefined ? [] : [[CHAT, seen.loaded]]);
  const snapshot: Snapshot = {
    takenAt: checkedAt,
    results: new Map([
      [
        name,
        {
          status: 'online',
          error: null,
          latencyMs: 1,
          models: [listed],
          loaded,
          checkedAt,
          lastSeenAt: checkedAt,
        },
      ],
    ]),
    learned: new Map(seen.learned === undefined ? [] : [[`${name}/${CHAT}`, seen.learned]]),
  };
  return findContextWindow({ provider, model: CHAT, listed }, snapshot);
}

const command = (size: number, own: number | null = null) => ({
  command: size,
  server: own,
  inputs: null,
});
const server = (size: number) => ({ command: null, server: size, inputs: null });
const learned = (tokens: number, size: number | null = null) => ({
  tokens,
  command: size,
  inputs: null,
});

describe('findContextWindow', () => {
  it.each<[string, Parameters<typeof find>[1], string, number]>([
    [
      'the command’s, before the model’s server answered',
      { loaded: command(8192) },
      'loaded',
      8192,
    ],
    ['the server’s, where that is smaller', { loaded: command(65_536, 32_768) }, 'loaded', 32_768],
    [
      'the command’s, where the server reports more',
      { loaded: command(3333, 3584) },
      'loaded',
      3333,
    ],
    [
      'the learned one, until the server answers',
      { loaded: command(65_536), learned: learned(32_768, 65_536) },
      'learned',
      32_768,
    ],
    [
      'the learned one, although the command changed',
      { loaded: command(131_072), learned: learned(32_768, 65_536) },
      'learned',
      32_768,
    ],
    [
      'the command’s, where that is below the learned one',
      { loaded: command(4096), learned: learned(32_768, 65_536) },
      'loaded',
      4096,
    ],
    [
      'a larger command’s, where only the previous command was the limit',
      { loaded: command(16_384), learned: learned(8192, 8192) },
      'loaded',
      16_384,
    ],
    [
      'the learned one, where no command was known then',
      { loaded: command(16_384), learned: learned(8192) },
      'learned',
      8192,
    ],
  ])('picks the smallest known window: %s', (_, seen, contextSource, contextWindow) => {
    expect(find('a', seen)).toEqual({ contextWindow, contextSource });
  });

  it.each([
    ['configured', 'set', { declared: 2, loaded: server(3), learned: learned(4) }, 1],
    ['declared', 'a', { declared: 2, loaded: server(3), learned: learned(4) }, 2],
    ['loaded', 'deepseek', { loaded: server(3), learned: learned(4) }, 3],
    ['learned', 'deepseek', { learned: learned(4) }, 4],
    ['static', 'deepseek', {}, 131_072],
    ['unknown', 'a', {}, null],
  ])(
    'answers the %s window when no better source has one',
    (contextSource, name, seen, contextWindow) => {
      expect(find(name, seen)).toEqual({ contextWindow, contextSource });
    },
  );

  test('answers the configured or published window for a model that no probe listed', () => {
    const findSource = (name: string) => {
      const provider = providers.get(name);
      if (provider === undefined) throw new Error(`There is no provider ${name}`);
      return findContextWindow({ provider, model: CHAT, listed: null }, null).contextSource;
    };
    expect(['set', 'deepseek', 'a'].map(findSource)).toEqual(['configured', 'static', 'unknown']);
  });
});

describe('published context windows', () => {
  function findPublished(name: string, model: string): number | null {
    const provider = providers.get(name);
    if (provider === undefined) throw new Error(`There is no provider ${name}`);
    return findContextWindow({ provider, model, listed: null }, null).contextWindow;
  }

  it.each([
    ['deepseek-v4-flash', 1_048_576],
    ['deepseek-v4-pro', 1_048_576],
    ['deepseek-chat', 131_072],
    ['deepseek-reasoner', 131_072],
  ])('list DeepSeek’s %s with %i tokens', (model, tokens) => {
    expect(findPublished('deepseek', model)).toBe(tokens);
  });

  it.each([
    'deepseek-v5',
    'DeepSeek-V4-Pro',
    'deepseek-v4-pro ',
    'deepseek',
    '',
    '__proto__',
    'toString',
  ])('do not list "%s"', (model) => {
    expect(findPublished('deepseek', model)).toBeNull();
  });

  test('do not apply to a local model of the same name', () => {
    expect(findPublished('a', 'deepseek-chat')).toBeNull();
    expect(findPublished('b', 'deepseek-v4-pro')).toBeNull();
  });
});

describe('toServerProps', () => {
  const props = (n_ctx: unknown) => ({ default_generation_settings: { n_ctx } });
  const readProps = (value: unknown) => {
    const parsed = safeParse(PROPS.schema, value);
    return parsed.success ? parsed.output : { window: null, inputs: null };
  };
  it.each([
    ['a window', props(16_384), 16_384],
    ['a negative window', props(-1), null],
    ['a window as text', props('16384'), null],
    ['a window of a trillion tokens', props(1e12), null],
    ['a window of 0', props(0), null],
    ['a window at the top level', { n_ctx: 4096 }, null],
    ['an array', [], null],
    ['null', null, null],
    ['an error', { error: { message: 'no' } }, null],
  ])('reads %s', (_, value, tokens) => {
    expect(readProps(value)).toEqual({ window: tokens, inputs: null });
  });

  it.each([
    [{ vision: true, audio: false }, ['text', 'image']],
    [{ vision: false, audio: true }, ['text', 'audio']],
    [{ vision: false, audio: false }, ['text']],
    [{ audio: true }, ['text', 'audio']],
    [{ vision: 1 }, null],
    [{}, null],
    [[], null],
    [true, null],
  ])('reads the modalities %j', (modalities, inputs) => {
    expect(readProps({ ...props(4096), modalities })).toEqual({ window: 4096, inputs });
    expect(readProps({ modalities })).toEqual({ window: null, inputs });
  });
});
