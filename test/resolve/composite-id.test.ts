import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { findIdFault, joinId, MAX_ID_LENGTH, splitId } from '../../src/resolve/composite-id.ts';
import { inputs } from '../fuzz.ts';

const providerName = fc
  .stringMatching(/^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/)
  .filter((name) => name !== 'any');
const modelName = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('/', ':', ' ', '%', 'q', '8', 'é', '🦙') }),
  fc.constant(''),
);

describe('joinId and splitId', () => {
  test('restore any provider and model', () => {
    const property = fc.property(providerName, modelName, (provider, model) => {
      expect(splitId(joinId(provider, model))).toEqual({ provider, model });
    });
    fc.assert(property, inputs(500));
  });

  test('restore any text with a slash', () => {
    const property = fc.property(modelName, modelName, (before, after) => {
      const id = `${before}/${after}`;
      const parts = splitId(id);
      expect(parts?.provider).not.toContain('/');
      expect(parts && joinId(parts.provider, parts.model)).toBe(id);
    });
    fc.assert(property, inputs(500));
  });

  it.each([
    { what: 'no slash', id: 'qwen3:8b', parts: null },
    { what: 'no characters', id: '', parts: null },
    { what: 'one slash', id: 'lab/qwen3', parts: { provider: 'lab', model: 'qwen3' } },
    { what: 'several slashes', id: 'lab/a/b/c', parts: { provider: 'lab', model: 'a/b/c' } },
    { what: 'a slash at its start', id: '/a', parts: { provider: '', model: 'a' } },
    { what: 'a slash at its end', id: 'lab/', parts: { provider: 'lab', model: '' } },
  ])('split a text with $what at its first slash', ({ id, parts }) => {
    expect(splitId(id)).toEqual(parts);
  });
});

describe('findIdFault', () => {
  it.each([
    { what: 'no characters', text: '', fault: /empty/ },
    { what: '513 characters', text: 'm'.repeat(513), fault: /longer than 512/ },
    { what: '513 llamas of two code units', text: '🦙'.repeat(513), fault: /longer than 512/ },
    { what: 'a line break', text: 'a\nb', fault: /control character/ },
    { what: 'a NUL', text: 'a\0', fault: /control character/ },
    { what: 'a DEL', text: 'a\u007f', fault: /control character/ },
    { what: 'a C1 control', text: 'a\u0085b', fault: /control character/ },
    { what: 'a lone high surrogate', text: 'a\ud83e', fault: /surrogate/ },
    { what: 'a lone low surrogate', text: '\udd99b', fault: /surrogate/ },
  ])('refuses a text with $what', ({ text, fault }) => {
    expect(findIdFault(text)).toMatch(fault);
  });

  it.each([
    { what: '512 characters', text: 'm'.repeat(MAX_ID_LENGTH) },
    { what: '512 llamas of two code units', text: '🦙'.repeat(512) },
    { what: 'slashes, colons and spaces', text: 'lab/Qwen/Qwen3 8B:Q4_K_M' },
    { what: 'joined emoji', text: 'lab/👩‍🚀' },
    { what: 'a name of the object prototype', text: '__proto__' },
  ])('accepts a text with $what', ({ text }) => {
    expect(findIdFault(text)).toBeNull();
  });
});
