import { safeParse } from 'valibot';
import { describe, expect, it, test } from 'vitest';
import { findContextWindow } from '../../src/catalog/context-window.ts';
import type { LearnedContext, LoadedContext } from '../../src/catalog/loaded-context.ts';
import { toServerProps } from '../../src/catalog/server-props.ts';
import { PROPS } from '../../src/upstream/bodies.ts';
import type { Snapshot } from '../../src/catalog/snapshot.ts';
import { parseSettings } from '../../src/settings/settings.ts';

const { providers } = parseSettings({
  PROVIDERS: 'set=llama-swap://set?context=1 a=llama-swap://a b=openai://b',
  DEEPSEEK_API_KEY: 'k',
}).registry;
const CHAT = 'deepseek-chat';

/** What is known of a model of that name, where so much of it was seen. */
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

describe('a context window', () => {
  it.each<[string, Parameters<typeof find>[1], string, number]>([
    ['the command, before its server was asked', { loaded: command(8192) }, 'loaded', 8192],
    ['its server, where that allows less', { loaded: command(65_536, 32_768) }, 'loaded', 32_768],
    ['the command, where its server says more', { loaded: command(3333, 3584) }, 'loaded', 3333],
    [
      'what its server was known to allow, until it is asked',
      { loaded: command(65_536), learned: learned(32_768, 65_536) },
      'learned',
      32_768,
    ],
    [
      'that too where the command has been changed',
      { loaded: command(131_072), learned: learned(32_768, 65_536) },
      'learned',
      32_768,
    ],
    [
      'a smaller command, whatever was known',
      { loaded: command(4096), learned: learned(32_768, 65_536) },
      'loaded',
      4096,
    ],
    [
      'a larger command, where only the last one kept it small',
      { loaded: command(16_384), learned: learned(8192, 8192) },
      'loaded',
      16_384,
    ],
    [
      'what was known before there was a command',
      { loaded: command(16_384), learned: learned(8192) },
      'learned',
      8192,
    ],
  ])('is the least that is known: %s', (_, seen, contextSource, contextWindow) => {
    expect(find('a', seen)).toEqual({ contextWindow, contextSource });
  });

  it.each([
    ['configured', 'set', { declared: 2, loaded: server(3), learned: learned(4) }, 1],
    ['declared', 'a', { declared: 2, loaded: server(3), learned: learned(4) }, 2],
    ['loaded', 'deepseek', { loaded: server(3), learned: learned(4) }, 3],
    ['learned', 'deepseek', { learned: learned(4) }, 4],
    ['static', 'deepseek', {}, 131_072],
    ['unknown', 'a', {}, null],
  ])('is %s, by the first that is known', (contextSource, name, seen, contextWindow) => {
    expect(find(name, seen)).toEqual({ contextWindow, contextSource });
  });

  test('of a model that nobody has looked at is what is set or published', () => {
    const ask = (name: string) => {
      const provider = providers.get(name);
      if (provider === undefined) throw new Error(`There is no provider ${name}`);
      return findContextWindow({ provider, model: CHAT, listed: null }, null).contextSource;
    };
    expect(['set', 'deepseek', 'a'].map(ask)).toEqual(['configured', 'static', 'unknown']);
  });
});

describe('a published context window', () => {
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
  ])('of DeepSeek’s %s is %i', (model, tokens) => {
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
  ])('of anything else, such as "%s", is unknown', (model) => {
    expect(findPublished('deepseek', model)).toBeNull();
  });

  test('is for the cloud alone, whatever a local model is called', () => {
    expect(findPublished('a', 'deepseek-chat')).toBeNull();
    expect(findPublished('b', 'deepseek-v4-pro')).toBeNull();
  });
});

describe('what /props says', () => {
  const props = (n_ctx: unknown) => ({ default_generation_settings: { n_ctx } });
  const readProps = (value: unknown) => {
    const parsed = safeParse(PROPS.schema, value);
    return parsed.success ? toServerProps(parsed.output) : { window: null, inputs: null };
  };
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
  ])('of modalities is read: %j', (modalities, inputs) => {
    expect(readProps({ ...props(4096), modalities })).toEqual({ window: 4096, inputs });
    expect(readProps({ modalities })).toEqual({ window: null, inputs });
  });
});
