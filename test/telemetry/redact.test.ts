import { describe, expect, it } from 'vitest';
import { createRedact } from '../../src/telemetry/redact.ts';
import { shorten } from '../../src/telemetry/shorten.ts';

const KEY = 'zq/Secret+key=0%2F';
const redact = createRedact([KEY, 'zq/Secret', 'k3y', 'other-long-secret']);
/** Every byte percent-encoded. */
const encode = (text: string) => Buffer.from(text).toString('hex').replaceAll(/../gu, '%$&');

describe('redacts a secret', () => {
  it.each([
    ['alone', KEY, '[redacted]'],
    ['in a path', `/upstream/a/${KEY}/x`, '/upstream/a/[redacted]/x'],
    ['within a word', `model${KEY}x`, 'model[redacted]x'],
    ['that is repeated', `${KEY}${KEY}-other-long-secret`, '[redacted][redacted]-[redacted]'],
    ['that starts with a shorter one', `${KEY}.zq/Secret`, '[redacted].[redacted]'],
    ['percent-encoded', `/x/${encodeURIComponent(KEY)}/y`, '/x/[redacted]/y'],
    ['with every byte percent-encoded', `/x/${encode(KEY)}`, '/x/[redacted]'],
    ['percent-encoded in capitals', `/x/${encode(KEY).toUpperCase()}`, '/x/[redacted]'],
    ['percent-encoded twice', `/x/${encodeURIComponent(encodeURIComponent(KEY))}`, '/x/[redacted]'],
    ['percent-encoded in part', `/x/zq%2FSecret+key%3D0%252F`, '/x/[redacted]'],
    ['next to other escapes', `/%20a/${encode(KEY)}%0a%C3%A9`, '/%20a/[redacted]%0A%C3%A9'],
    ['that is short, as a separate word', '/upstream/k3y/x?', '/upstream/[redacted]/x?'],
  ])('%s', (_, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it('of any length and any character', () => {
    const characters = Array.from({ length: 0x7e - 0x20 }, (_, at) =>
      String.fromCharCode(0x21 + at),
    );
    for (const secret of [
      ...characters,
      ...characters.map((character) => `a${character}b`),
      characters.join(''),
    ]) {
      expect(createRedact([secret])(`Ж ${secret} Ж`)).toBe('Ж [redacted] Ж');
    }
  });

  it('that is truncated', () => {
    for (let length = 4; length < KEY.length; length += 1) {
      const text = shorten(`/x/${KEY}`, 3 + length);
      expect(redact(`There is no ${text} here.`)).toMatch(
        /^There is no \/x\/\[redacted\].{0,8}… here\.$/u,
      );
      expect(redact(shorten(`/x/${encode(KEY)}`, 3 + length * 3))).not.toContain(encode('zq/S'));
    }
  });
});

describe('does not change text without a secret', () => {
  it.each([
    '/v1/chat/completions',
    'qwen3.6-27b',
    '/upstream/a/m%2Fn/%C3%A9%20x',
    '100% of 5%zz',
    'mak3yx',
    'zq/Sec',
    'cut off…',
    '…',
    '%',
    '',
  ])('%j', (text) => {
    expect(redact(text)).toBe(text);
    expect(createRedact([])(text)).toBe(text);
  });
});
