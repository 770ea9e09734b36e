import { describe, expect, it } from 'vitest';
import { toUnreachableError } from '../../src/upstream/unreachable-error.ts';
import { parseSettings } from '../../src/settings/settings.ts';

const { providers } = parseSettings({ PROVIDERS: 'lab=llama-swap://t0ken@10.1.2.3' }).registry;
const provider = providers.get('lab')!;
const withCode = (code: string) =>
  Object.assign(new Error(`connect ${code} 10.1.2.3:8080 t0ken`), { code });

describe('toUnreachableError', () => {
  it.each([
    ['refused', withCode('ECONNREFUSED'), 'refused the connection'],
    ['refused in Bun’s words', withCode('ConnectionRefused'), 'refused the connection'],
    ['a name that is not known', withCode('ENOTFOUND'), 'host name that nobody knows'],
    ['no connection in time', withCode('UND_ERR_CONNECT_TIMEOUT'), 'took no connection'],
    ['a reset', withCode('ECONNRESET'), 'closed the connection before it answered'],
    [
      'what lies under another error',
      new TypeError('fetch failed', { cause: withCode('EHOSTUNREACH') }),
      'cannot be reached from here',
    ],
    ['anything else', 'odd', 'could not be reached'],
  ])('tells of %s without an address', (_what, cause, words) => {
    const error = toUnreachableError(cause, provider);
    expect([error.code, error.status]).toEqual(['provider_unreachable', 502]);
    expect(error.headers).toEqual({ 'x-paddock-provider': 'lab' });
    expect(error.message).toMatch(/^lab .*: .*\bcheck .*, and its address in PROVIDERS\. /);
    expect(error.message).toContain(words);
    expect(error.message).not.toMatch(/10\.1\.2\.3|8080|t0ken/);
    expect(error.cause).toBe(cause);
  });

  it.each([
    ['a connection', withCode('EMFILE')],
    ['a whole machine', withCode('ENFILE')],
    ['what lies under another error', new TypeError('fetch failed', { cause: withCode('EMFILE') })],
    ['libSQL', new Error('Too many open files (os error 24)')],
  ])('blames no provider where no file descriptors are left: %s', (_what, cause) => {
    const error = toUnreachableError(cause, provider);
    expect([error.code, error.status, error.headers]).toEqual([
      'overloaded',
      503,
      { 'retry-after': '1' },
    ]);
    expect(error.message).toContain('LimitNOFILE');
    expect(error.message).not.toMatch(/lab|10\.1\.2\.3/);
  });
});
