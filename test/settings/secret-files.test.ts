import { describe, expect, it } from 'vitest';
import { SettingsError } from '../../src/settings/settings-error.ts';
import {
  readSecretFiles,
  SECRET_SETTINGS,
  type FileReading,
} from '../../src/settings/secret-files.ts';
import { parseSettings } from '../../src/settings/settings.ts';

const bytes = (text: string): FileReading => new TextEncoder().encode(text);

/** Reads API_KEYS from a file with this content. */
function readOne(reading: FileReading, more: Record<string, string> = {}) {
  const given = { API_KEYS_FILE: '/run/secrets/keys', ...more };
  return readSecretFiles(given, () => reading);
}

describe('a secret setting', () => {
  it.each(SECRET_SETTINGS)('%s is read from its file', (setting) => {
    const paths: string[] = [];
    const { environment, faults } = readSecretFiles(
      { [`${setting}_FILE`]: ' /run/secrets/it\r', PORT: '1' },
      (path) => {
        paths.push(path);
        return bytes('value\n');
      },
    );
    expect({ environment, faults, paths }).toEqual({
      environment: { [setting]: 'value', PORT: '1' },
      faults: [],
      paths: ['/run/secrets/it'],
    });
  });

  it.each([
    ['one line break', 'a b\n', 'a b'],
    ['several line breaks', 'a\n\r\n\n', 'a'],
    ['a Windows line break', 'a\r\n', 'a'],
    ['no line break', 'a', 'a'],
    ['line breaks inside', 'a=openai://a\n\tb=openai://b\n', 'a=openai://a\n\tb=openai://b'],
    ['a byte order mark', '\ufeffa\n', 'a'],
  ])('is read from a file with %s', (_, text, value) => {
    expect(readOne(bytes(text))).toEqual({ environment: { API_KEYS: value }, faults: [] });
  });

  it.each<[string, FileReading, RegExp]>([
    ['is empty', bytes(''), /empty/],
    ['is blank', bytes(' \n\t\n'), /empty/],
    ['is not UTF-8', new Uint8Array([0xff, 0xfe, 0x61, 0]), /UTF-8/],
    ['contains a NUL', bytes('a\0b'), /text file/],
    ['contains an escape', bytes('\u001b[31mred'), /text file/],
    ['cannot be read', { fault: 'there is no such file' }, /^there is no such file$/],
  ])('has a fault when its file %s', (_, reading, message) => {
    expect(readOne(reading)).toEqual({
      environment: {},
      faults: [{ variable: 'API_KEYS_FILE', message: expect.stringMatching(message) }],
    });
  });

  it('has a fault when it is set too, and its file is not read', () => {
    const read = () => {
      throw new Error('it was read');
    };
    const { faults } = readSecretFiles({ API_KEYS: 'a', API_KEYS_FILE: '/x' }, read);
    expect(faults).toEqual([
      { variable: 'API_KEYS_FILE', message: 'API_KEYS is set too: unset one of them' },
    ]);
  });

  it.each([{ API_KEYS: ' ' }, { API_KEYS: '' }])('counts as unset when it is blank: %j', (more) => {
    expect(readOne(bytes('a'), more).environment).toEqual({ API_KEYS: 'a' });
  });

  it('reads no file when the _FILE variable is blank', () => {
    const read = () => {
      throw new Error('it was read');
    };
    expect(readSecretFiles({ API_KEYS_FILE: ' ' }, read)).toEqual({ environment: {}, faults: [] });
  });
});

describe('the faults of files', () => {
  function findFaults(environment: Record<string, unknown>, found: readonly Fault[] = []) {
    try {
      parseSettings(environment, { faults: found });
    } catch (error) {
      if (error instanceof SettingsError) return error.faults.map(({ variable }) => variable);
      throw error;
    }
    return [];
  }
  type Fault = SettingsError['faults'][number];

  it('are reported with all others', () => {
    const { environment, faults } = readSecretFiles(
      { API_KEYS_FILE: '/a', DEEPSEEK_API_KEY_FILE: '/b', PORT: 'x' },
      () => ({ fault: 'there is no such file' }),
    );
    expect(findFaults(environment, faults)).toEqual([
      'DEEPSEEK_API_KEY_FILE',
      'API_KEYS_FILE',
      'PORT',
    ]);
  });

  it('cause no further faults in settings that name providers', () => {
    const { environment, faults } = readSecretFiles(
      {
        PROVIDERS_FILE: '/a',
        DEEPSEEK_API_KEY: 'k',
        DEFAULT_PROVIDER: 'lab',
        DEFAULT_MODEL: 'lab/m',
        MODEL_ALIASES: 'fast=lab/m',
        ARENA_MODELS: 'm,lab/n',
      },
      () => ({ fault: 'there is no such file' }),
    );
    expect(findFaults(environment, faults)).toEqual(['PROVIDERS_FILE']);
  });

  it('are faults of the variables on a platform without files', () => {
    const all = Object.fromEntries(SECRET_SETTINGS.map((name) => [`${name}_FILE`, '/run/x']));
    expect(findFaults({ ...all, PORT: 'x' })).toEqual([...Object.keys(all), 'PORT']);
  });
});
