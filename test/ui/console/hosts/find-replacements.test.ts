import { expect, it } from 'vitest';
import { findReplacements } from '../../../../ui/console/hosts/find-replacements.ts';
import type { Model } from '../../../../ui/fleet/catalog.ts';
import { modelOf } from '../../../catalog/samples.ts';
import { catalogOf } from './catalog-of.ts';

const catalog = catalogOf({
  desktop: ['qwen3.6-27b', 'qwen3.6-35b-a3b', 'gpt-oss-20b', 'whisper-large-v3', 'qwen3-vl:8b'],
  lab: ['qwen3.5-27b', 'gpt-oss-120b'],
  old: { models: [modelOf('old/big', { aliases: ['qwen3.5-27b'] }) as unknown as Model] },
});

it('finds the same name on other hosts, by alias too', () => {
  expect(findReplacements('desktop/qwen3.5-27b', catalog).sameName).toEqual([
    'lab/qwen3.5-27b',
    'old/big',
  ]);
});

it('finds similar names on its own host, the most similar first', () => {
  const { similarName: similar } = findReplacements('desktop/qwen3.5-27b', catalog);
  expect(similar[0]).toBe('desktop/qwen3.6-27b');
  expect(similar).not.toContain('desktop/whisper-large-v3');
  expect(findReplacements('desktop/GPT_OSS:20B', catalog).similarName).toEqual([
    'desktop/gpt-oss-20b',
  ]);
});

it.each(['desktop/x', 'desktop/', 'gone/qwen3.6-27b'])('finds nothing similar to %s', (id) => {
  expect(findReplacements(id, catalog).similarName).toEqual([]);
});

it('accepts a name with slashes', () => {
  const slashed = catalogOf({ desktop: [], lab: ['unsloth/Qwen:Q4'] });
  expect(findReplacements('desktop/unsloth/Qwen:Q4', slashed).sameName).toEqual([
    'lab/unsloth/Qwen:Q4',
  ]);
});
