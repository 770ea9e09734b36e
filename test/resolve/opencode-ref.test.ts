import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { fromOpencodeRef, toOpencodeRef } from '../../src/resolve/opencode-ref.ts';
import { resolveModel, type ResolveSettings } from '../../src/resolve/resolve-model.ts';
import { inputs } from '../fuzz.ts';

const settings: ResolveSettings = {
  providers: new Set(['desktop', 'lab', 'paddock', 'llama-swap']),
  aliases: new Map([['fast', 'lab/small']]),
  defaultProvider: 'desktop',
};

const resolveRef = (ref: string) => resolveModel(fromOpencodeRef(ref) ?? '', settings);

const id = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc
    .array(fc.constantFrom('/', 'paddock', 'llama-swap', 'lab', ':', ' ', '%', '__proto__', '🦙'), {
      minLength: 1,
    })
    .map((parts) => parts.join('')),
);

describe('a reference of opencode’s', () => {
  it.each([
    ['desktop/qwen3.6-27b', 'paddock/desktop/qwen3.6-27b'],
    ['lab/vendor/Model 8B:Q4_K_M', 'paddock/lab/vendor/Model 8B:Q4_K_M'],
    ['lab/ламa-🦙', 'paddock/lab/ламa-🦙'],
    ['paddock/a', 'paddock/paddock/a'],
    ['llama-swap/a', 'paddock/llama-swap/a'],
    ['paddock/', 'paddock/paddock/'],
    ['qwen3', 'paddock/qwen3'],
    ['/', 'paddock//'],
  ])('to %s is %s, and leads back', (one, ref) => {
    expect(toOpencodeRef(one)).toBe(ref);
    expect(fromOpencodeRef(ref)).toBe(one);
  });

  test('leads back to every ID', () => {
    const property = fc.property(id, (one) => {
      expect(fromOpencodeRef(toOpencodeRef(one))).toBe(one);
    });
    fc.assert(property, inputs(500));
  });

  test('that leads to an ID is the one that the ID is written as, or stands in the older namespace', () => {
    const property = fc.property(id, (text) => {
      const found = fromOpencodeRef(text);
      const isOlder = text.startsWith('llama-swap/');
      expect(found === null || isOlder || toOpencodeRef(found) === text).toBe(true);
    });
    fc.assert(property, inputs(500));
  });

  it.each([
    ['llama-swap/qwen3', 'qwen3'],
    ['llama-swap/vendor/model', 'vendor/model'],
    ['llama-swap/paddock/a', 'paddock/a'],
  ])('from before Paddock, %s, is to %s', (ref, found) => {
    expect(fromOpencodeRef(ref)).toBe(found);
  });

  it.each([
    ['another provider', 'anthropic/claude'],
    ['a provider whose name begins alike', 'paddocks/a'],
    ['the namespace in capitals', 'Paddock/a'],
    ['the namespace alone', 'paddock'],
    ['the namespace and nothing behind it', 'paddock/'],
    ['the older namespace and nothing behind it', 'llama-swap/'],
    ['the older namespace alone', 'llama-swap'],
    ['a space before the namespace', ' paddock/a'],
    ['a slash before the namespace', '/paddock/a'],
    ['a name of the object prototype', '__proto__/a'],
    ['no slash', 'qwen3'],
    ['nothing', ''],
  ])('with %s is none of Paddock’s', (_what, ref) => {
    expect(fromOpencodeRef(ref)).toBeNull();
  });
});

describe('resolving a reference', () => {
  it.each([
    ['paddock/lab/a/b', 'lab/a/b', 'composite'],
    ['paddock/paddock/a', 'paddock/a', 'composite'],
    ['paddock/llama-swap/a', 'llama-swap/a', 'composite'],
    ['paddock/fast', 'lab/small', 'alias'],
    ['paddock/qwen3', 'desktop/qwen3', 'bare'],
    ['llama-swap/qwen3', 'desktop/qwen3', 'bare'],
    ['llama-swap/vendor/model', 'desktop/vendor/model', 'bare'],
    ['llama-swap/lab/a', 'lab/a', 'composite'],
  ])('%s finds %s', (ref, found, via) => {
    expect(resolveRef(ref)).toMatchObject({ ok: true, id: found, via });
  });

  test('finds what its ID finds, faults included', () => {
    const property = fc.property(id, (one) => {
      expect(resolveRef(toOpencodeRef(one))).toEqual(resolveModel(one, settings));
    });
    fc.assert(property, inputs(500));
  });
});
