import { describe, expect, it } from 'vitest';
import { readValues } from '../../src/settings/read-values.ts';
import type { Fault } from '../../src/registry/fault.ts';
import { parseSettings } from '../../src/settings/settings.ts';

function parse(...entries: string[]) {
  const faults: Fault[] = [];
  return { names: readValues({ ALLOWED_HOSTS: entries.join() }, faults).ALLOWED_HOSTS, faults };
}

describe('ALLOWED_HOSTS', () => {
  it.each([
    'paddock',
    'paddock.example',
    '*.example.org',
    'xn--mnchen-3ya.example',
    'my_proxy.docker',
  ])('accepts %s', (name) => {
    expect(parse(` ${name} `)).toEqual({ names: [name], faults: [] });
  });

  it.each([
    'https://paddock.example',
    'paddock.example:8400',
    'paddock.example/',
    'paddock.example.',
    '.example.org',
    'Paddock.example',
    'münchen.example',
    'a..example',
    '-a.example',
    'a-.example',
    '*example.org',
    'a.*.example',
    '*.*',
    '**',
    'user@paddock.example',
    'a b',
    '[::1]',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}example`,
  ])('refuses %s', (name) => {
    const { faults } = parse('paddock.example', name);
    expect(faults).toMatchObject([{ variable: 'ALLOWED_HOSTS', entry: 'entry 2' }]);
    expect(faults[0]?.message).toMatch(/expected a host name such as/);
  });

  it('reports all faults at once', () => {
    const { faults } = parse('A', 'b', 'http://c', '*', 'd:1');
    expect(faults.map(({ entry }) => entry)).toEqual(['entry 1', 'entry 3', 'entry 5']);
  });

  it.each([
    ['only HOST when it is not set', {}, ['127.0.0.1']],
    [
      'its names and HOST',
      { ALLOWED_HOSTS: 'a.example, b', HOST: 'C.d' },
      ['a.example', 'b', 'c.d'],
    ],
    ['any name with a star', { ALLOWED_HOSTS: 'a.example,*' }, null],
    ['any name when API_KEYS is set', { ALLOWED_HOSTS: 'a.example', API_KEYS: 'k3y' }, null],
  ])('allows %s', (_, environment, allowed) => {
    expect(parseSettings(environment).allowedHosts).toEqual(allowed);
  });
});
