import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../ui/fleet/catalog.ts';
import { toSections } from '../../../ui/picker/to-sections.ts';
import { groupOf, modelOf } from '../../catalog/samples.ts';
import { catalogOf, catalogWithoutLab, LAB_OFFLINE, NOW } from './fleet-catalog.ts';

/** The list as text. */
function read(catalog: Catalog): string[] {
  return toSections(catalog, NOW).list.flatMap(({ header, rows }) => [
    ...(header === null ? [] : [`# ${header.label}`]),
    ...rows.map((row) =>
      row.kind === 'notice'
        ? `- ${[row.label, row.text].filter(Boolean).join(': ')}`
        : [row.model.name, row.distinction].filter(Boolean).join(' @ '),
    ),
  ]);
}

describe('the list', () => {
  it('has the favorites first and again in their groups, with the host for ambiguous names', () => {
    expect(read(catalogOf())).toEqual([
      '# Favorites',
      'gpt @ Lab',
      'Qwen @ Desk',
      '# Desk',
      'gpt @ Desk',
      'Qwen',
      '# Lab',
      'gpt @ Lab',
      'org/big',
    ]);
  });

  it('has one line for an offline host, and one for its favorites', () => {
    expect(read(catalogWithoutLab())).toEqual([
      '# Favorites',
      'Qwen @ Desk',
      '- 1 favorite is hidden: its host is offline.',
      '# Desk',
      'gpt @ Desk',
      'Qwen',
      '- Lab: offline · last seen 2 min ago · lab could not be reached.',
    ]);
  });

  it('distinguishes models of one host with the same name', () => {
    const models = [modelOf('desk/a:q4', { name: 'A' }), modelOf('desk/a:q8', { name: 'A' })];
    const providers = [groupOf('desk', { models })];
    expect(read(catalogOf({ favorites: [], providers }))).toEqual([
      '# desk',
      'A @ a:q4',
      'A @ a:q8',
    ]);
  });

  it('distinguishes models of two hosts with the same name and different IDs', () => {
    const providers = ['desk', 'lab'].map((name) =>
      groupOf(name, { models: [modelOf(`${name}/of-${name}`, { name: 'A' })] }),
    );
    const rows = read(catalogOf({ favorites: [], providers }));
    expect(rows).toEqual(['# desk', 'A @ desk', '# lab', 'A @ lab']);
  });

  const lines: [name: string, rest: object, line: string][] = [
    [
      'several hidden favorites',
      { hiddenFavorites: 2, providers: [LAB_OFFLINE] },
      '- 2 favorites are hidden: their hosts are offline.',
    ],
    [
      'a hidden favorite of an online host',
      { hiddenFavorites: 1 },
      '- 1 favorite is hidden: no host lists it.',
    ],
    [
      'favorites that cannot be read',
      { favorites: [], favoritesError: { code: 'database_unavailable', message: 'No database.' } },
      '- No database.',
    ],
    [
      'a host that refuses its key',
      { providers: [{ ...LAB_OFFLINE, status: 'unauthorized', lastSeenAt: null }] },
      '- Lab: key rejected · not seen since Paddock started · lab could not be reached.',
    ],
    [
      'a host with an invalid answer',
      { providers: [{ ...LAB_OFFLINE, status: 'invalid' }] },
      '- Lab: invalid response · last seen 2 min ago · lab could not be reached.',
    ],
    ['a host without models', { providers: [groupOf('desk')] }, '- It has no models.'],
    [
      'a catalog without hosts',
      { favorites: [], providers: [] },
      '- No hosts are configured. Set PROVIDERS on the gateway.',
    ],
    [
      'a demo',
      { demo: true },
      '- This is the demo fleet: its hosts and their answers are simulated.',
    ],
  ];
  it.each(lines)('has a notice for %s', (_name, rest, line) => {
    expect(read(catalogOf(rest))).toContain(line);
  });

  it('numbers the options through all sections, with unique keys', () => {
    const { list, options } = toSections(catalogOf(), NOW);
    expect(options.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    const keys = list.flatMap(({ rows }) => rows.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
