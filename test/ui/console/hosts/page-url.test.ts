import { describe, expect, it } from 'vitest';
import { toPageUrl } from '../../../../ui/console/hosts/page-url.ts';
import { groupOf } from '../../../catalog/samples.ts';

const location = { protocol: 'http:', hostname: 'paddock' };
const at = (model: string, upstreamPort?: number, where = location) => {
  const provider = groupOf('lab', upstreamPort === undefined ? {} : { upstreamPort });
  return toPageUrl(model, { provider, location: where });
};

describe('toPageUrl', () => {
  it.each([
    ['qwen3.6-27b', 'http://paddock:8401/upstream/lab/qwen3.6-27b/'],
    ['org/m:q4', 'http://paddock:8401/upstream/lab/org%2Fm%3Aq4/'],
    ['a b?#模', 'http://paddock:8401/upstream/lab/a%20b%3F%23%E6%A8%A1/'],
    ['a..b', 'http://paddock:8401/upstream/lab/a..b/'],
  ])('for %s is %s', (model, url) => {
    expect(at(model, 8401)).toBe(url);
  });

  it('has the scheme and the name of the console', () => {
    const where = { protocol: 'https:', hostname: '[::1]' };
    expect(at('m', 443, where)).toBe('https://[::1]:443/upstream/lab/m/');
  });

  it('is null without a port, and for a model that no path can name', () => {
    expect(at('m')).toBeNull();
    for (const model of ['../api', 'a//b', '.', 'a\\..\\b', '\ud800', '']) {
      expect(at(model, 8401)).toBeNull();
    }
  });
});
