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

describe('an opencode reference', () => {
  it.each([
    ['desktop/qwen3.6-27b', 'paddock/desktop/qwen3.6-27b'],
    ['lab/vendor/Model 8B:Q4_K_M', 'paddock/lab/vendor/Model 8B:Q4_K_M'],
    ['lab/ламa-🦙', 'paddock/lab/ламa-🦙'],
    ['paddock/a', 'paddock/paddock/a'],
    ['llama-swap/a', 'paddock/llama-swap/a'],
    ['paddock/', 'paddock/paddock/'],
    ['qwen3', 'paddock/qwen3'],
    ['/', 'paddock//'],
  ])('to %s is %s, and can be read back', (one, ref) => {
    expect(toOpencodeRef(one)).toBe(ref);
    expect(fromOpencodeRef(ref)).toBe(one);
  });

  test('to any ID can be read back', () => {
    const property = fc.property(id, (one) => {
      expect(fromOpencodeRef(toOpencodeRef(one))).toBe(one);
    });
    fc.assert(property, inputs(500));
  });

  test('that is read as an ID is the only one of that ID, except in the older namespace', () => {
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
  ])('in the older namespace, %s, is to %s', (ref, found) => {
    expect(fromOpencodeRef(ref)).toBe(found);
  });

  it.each([
    ['another provider', 'anthropic/claude'],
    ['a provider whose name starts with the namespace', 'paddocks/a'],
    ['the namespace in capitals', 'Paddock/a'],
    ['the namespace alone', 'paddock'],
    ['the namespace and an empty ID', 'paddock/'],
    ['the older namespace and an empty ID', 'llama-swap/'],
    ['the older namespace alone', 'llama-swap'],
    ['a space before the namespace', ' paddock/a'],
    ['a slash before the namespace', '/paddock/a'],
    ['a name of the object prototype', '__proto__/a'],
    ['no slash', 'qwen3'],
    ['no characters', ''],
  ])('with %s is not Paddock’s', (_what, ref) => {
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
  ])('resolves %s to %s', (ref, found, via) => {
    expect(resolveRef(ref)).toMatchObject({ ok: true, id: found, via });
  });

  test('resolves to the same model or fault as its ID', () => {
    const property = fc.property(id, (one) => {
      expect(resolveRef(toOpencodeRef(one))).toEqual(resolveModel(one, settings));
    });
    fc.assert(property, inputs(500));
  });
});
