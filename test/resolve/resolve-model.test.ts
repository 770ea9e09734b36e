import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { PaddockError } from '../../src/errors.ts';
import { findIdFault } from '../../src/resolve/composite-id.ts';
import {
  requireModel,
  resolveModel,
  type ResolveSettings,
} from '../../src/resolve/resolve-model.ts';
import { inputs } from '../fuzz.ts';

function settingsOf(names: string[], aliases: Record<string, string> = {}): ResolveSettings {
  const defaultProvider = names.find((name) => name !== 'deepseek') ?? null;
  return { providers: new Set(names), aliases: new Map(Object.entries(aliases)), defaultProvider };
}

const stable = settingsOf(['desktop', 'embedding', 'constructor', 'deepseek'], {
  fast: 'embedding/small',
  'vendor/model': 'desktop/own',
  constructor: 'desktop/built',
});

describe('resolveModel', () => {
  it.each([
    ['with a provider before its slash', 'embedding/a', ['composite', 'embedding/a']],
    ['with more slashes', 'embedding/a/b//c', ['composite', 'embedding/a/b//c']],
    [
      'with another provider after its first slash',
      'embedding/desktop/a',
      ['composite', 'embedding/desktop/a'],
    ],
    ['of a cloud provider', 'deepseek/deepseek-chat', ['composite', 'deepseek/deepseek-chat']],
    [
      'with a vendor in its model',
      'embedding/deepseek-r1-qwen3-8b',
      ['composite', 'embedding/deepseek-r1-qwen3-8b'],
    ],
    ['of a provider called constructor', 'constructor/a', ['composite', 'constructor/a']],
    ['with spaces around it', ' \t embedding/a \n', ['composite', 'embedding/a']],
    ['without a slash', 'qwen3:8b', ['bare', 'desktop/qwen3:8b']],
    ['of a vendor that is not a provider', 'Qwen/Qwen3', ['bare', 'desktop/Qwen/Qwen3']],
    ['of a provider in capitals', 'Embedding/a', ['bare', 'desktop/Embedding/a']],
    ['of a provider that is not set up', 'laptop/a', ['bare', 'desktop/laptop/a']],
    ['equal to a provider’s name', 'embedding', ['bare', 'desktop/embedding']],
    ['that begins with a slash', '/embedding/a', ['bare', 'desktop//embedding/a']],
    ['with a space before its slash', 'embedding /a', ['bare', 'desktop/embedding /a']],
    ['called __proto__', '__proto__', ['bare', 'desktop/__proto__']],
    ['called toString', 'toString', ['bare', 'desktop/toString']],
    ['called hasOwnProperty', 'hasOwnProperty', ['bare', 'desktop/hasOwnProperty']],
    ['with __proto__ before its slash', '__proto__/a', ['bare', 'desktop/__proto__/a']],
    ['with a model called __proto__', 'embedding/__proto__', ['composite', 'embedding/__proto__']],
    ['that is an alias', 'fast', ['alias', 'embedding/small']],
    ['that is an alias with spaces around it', '\u00a0fast\u2003', ['alias', 'embedding/small']],
    ['that is an alias with a slash', 'vendor/model', ['alias', 'desktop/own']],
    ['that is an alias called constructor', 'constructor', ['alias', 'desktop/built']],
    ['that only begins with an alias', 'vendor/model:q4', ['bare', 'desktop/vendor/model:q4']],
    ['that is an alias in capitals', 'FAST', ['bare', 'desktop/FAST']],
    ['of a provider and an alias', 'embedding/fast', ['composite', 'embedding/fast']],
  ] as const)('resolves an ID %s', (...[, text, [via, id]]) => {
    const slash = id.indexOf('/');
    const parts = { provider: id.slice(0, slash), model: id.slice(slash + 1) };
    expect(resolveModel(text, stable)).toEqual({ ok: true, id, ...parts, via });
  });

  test('resolves an alias before a composite ID of the same text', () => {
    const shadowing = settingsOf(['desktop', 'lab'], { 'lab/a': 'desktop/b' });
    expect(resolveModel('lab/a', shadowing)).toMatchObject({ id: 'desktop/b', via: 'alias' });
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])(
    'resolves an alias called %s',
    (alias) => {
      const aliases = new Map([[alias, 'desktop/a']]);
      expect(resolveModel(alias, { ...stable, aliases })).toMatchObject({ id: 'desktop/a' });
    },
  );

  it.each([
    ['without characters', ''],
    ['of spaces', ' \t\n'],
    ['with an empty model', 'embedding/'],
    ['with a model of spaces', 'embedding/  '],
    ['with a control character', 'embedding/a\u0007b'],
    ['with a line break inside', 'a\nb'],
    ['with a lone surrogate', 'embedding/\ud800'],
    ['of 513 characters', `embedding/${'m'.repeat(503)}`],
    ['of 513 characters beyond the first plane', `embedding/${'🦙'.repeat(503)}`],
    ['whose full form has 513 characters', 'm'.repeat(505)],
  ])('refuses an ID %s as invalid', (_, text) => {
    expect(resolveModel(text, stable)).toMatchObject({ ok: false, code: 'invalid_model_id' });
  });

  it.each([
    ['of 512 characters', `embedding/${'m'.repeat(502)}`],
    ['of 512 characters beyond the first plane', `embedding/${'🦙'.repeat(502)}`],
    ['of 512 characters and spaces around them', `  embedding/${'m'.repeat(502)}  `],
    ['whose full form has 512 characters', 'm'.repeat(504)],
  ])('accepts an ID %s', (_, text) => {
    expect(resolveModel(text, stable)).toMatchObject({ ok: true });
  });
});

describe('without a usable provider', () => {
  it.each(['a', 'lab/a', 'deepseek/deepseek-chat'])(
    'resolving %s fails with no_providers',
    (text) => {
      const resolution = resolveModel(text, settingsOf([]));
      expect(resolution).toMatchObject({ ok: false, code: 'no_providers' });
      expect(resolution).toHaveProperty('message', expect.stringContaining('PROVIDERS='));
    },
  );

  test('a cloud provider alone serves its composite IDs, and no bare ones', () => {
    const cloud = settingsOf(['deepseek']);
    expect(resolveModel('deepseek/chat', cloud)).toMatchObject({ id: 'deepseek/chat' });
    const bare = resolveModel('deepseek-chat', cloud);
    expect(bare).toMatchObject({ ok: false, code: 'unknown_provider' });
  });
});

describe('requireModel', () => {
  test('answers the resolved model', () => {
    const parts = { id: 'embedding/small', provider: 'embedding', model: 'small', via: 'alias' };
    expect(requireModel('fast', stable)).toEqual(parts);
  });

  it.each([
    { text: '', names: ['desktop'], code: 'invalid_model_id', status: 400 },
    { text: 'a', names: ['deepseek'], code: 'unknown_provider', status: 404 },
    { text: 'a', names: [], code: 'no_providers', status: 503 },
  ])('throws $code for "$text" with providers $names', ({ text, names, code, status }) => {
    const attempt = () => requireModel(text, settingsOf(names));
    expect(attempt).toThrow(PaddockError);
    expect(attempt).toThrow(expect.objectContaining({ code, status, param: 'model' }));
  });
});

const providerName = fc.oneof(
  fc.stringMatching(/^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/),
  fc.constantFrom('lab', 'desktop', 'embedding', 'deepseek', 'constructor'),
);
const word = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom('__proto__', 'toString', 'deepseek-r1', 'a b', 'q:4', '🦙', ''),
);

/** Valid settings, each with texts that are likely to match them. */
const settingsAndText = fc
  .uniqueArray(providerName, { minLength: 1, maxLength: 4 })
  .chain((names) => {
    const segment = fc.oneof(fc.constantFrom(...names), word);
    const path = fc.array(segment, { minLength: 1, maxLength: 6 }).map((all) => all.join('/'));
    const alias = path.filter(
      (text) =>
        !/\s/u.test(text) &&
        findIdFault(text) === null &&
        !names.some((name) => text.startsWith(`${name}/`)),
    );
    const target = fc
      .tuple(fc.constantFrom(...names), path)
      .map(([name, model]) => `${name}/${model}`)
      .filter((id) => !/\s|\/$/u.test(id) && findIdFault(id) === null);
    const aliases = fc.array(fc.tuple(alias, target), { maxLength: 3 });
    const defaultProvider = fc.constantFrom(...names, null);
    return fc.tuple(fc.constant(names), aliases, defaultProvider, path);
  })
  .chain(([names, aliases, defaultProvider, path]) => {
    const settings: ResolveSettings = {
      providers: new Set(names),
      aliases: new Map(aliases),
      defaultProvider,
    };
    const known = aliases.flatMap(([alias]) => [alias, ` ${alias}\t`]);
    const text = fc.oneof(fc.constantFrom(path, ...known), fc.string({ unit: 'binary' }));
    return fc.record({ settings: fc.constant(settings), text });
  });

describe('with any settings and any text', () => {
  test('a resolved ID resolves to itself', () => {
    const seen = new Set<string>();
    const property = fc.property(settingsAndText, ({ settings, text }) => {
      const first = resolveModel(text, settings);
      if (!first.ok) return;
      seen.add(first.via);
      const { id, provider, model } = first;
      expect(id).toBe(`${provider}/${model}`);
      const again = resolveModel(id, settings);
      expect(again).toEqual({ ok: true, id, provider, model, via: 'composite' });
    });
    fc.assert(property, inputs(500));
    expect(seen).toEqual(new Set(['composite', 'bare', 'alias']));
  });

  test('only the text before the first slash selects a provider', () => {
    const property = fc.property(settingsAndText, ({ settings, text }) => {
      const resolution = resolveModel(text, { ...settings, aliases: new Map() });
      if (!resolution.ok) return;
      const before = text.trim().split('/', 1)[0] ?? '';
      const isWritten = text.includes('/') && settings.providers.has(before);
      expect(resolution.provider).toBe(isWritten ? before : settings.defaultProvider);
      expect(resolution.via).toBe(isWritten ? 'composite' : 'bare');
    });
    fc.assert(property, inputs(500));
  });

  test('an alias has precedence over all other rules', () => {
    const property = fc.property(settingsAndText, ({ settings }) => {
      for (const [alias, id] of settings.aliases) {
        expect(resolveModel(`  ${alias} `, settings)).toMatchObject({ id, via: 'alias' });
      }
    });
    fc.assert(property, inputs(500));
  });

  test('resolveModel never throws, not even for malformed Unicode', () => {
    const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));
    const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: codeUnit }));
    const property = fc.property(settingsAndText, anyText, ({ settings }, text) => {
      const resolution = resolveModel(text, settings);
      if (resolution.ok) expect(findIdFault(resolution.id)).toBeNull();
      else expect(resolution.message).not.toBe('');
    });
    fc.assert(property, inputs(500));
  });
});
