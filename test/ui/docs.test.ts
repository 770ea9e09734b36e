import { expect, it } from 'vitest';
import { VIEWS } from '../../ui/console/views.ts';
import { readPage } from '../docs/pages.ts';

it('docs/console.md has a section for each view', () => {
  const headings = readPage('docs/console.md').split('\n');
  const labels = Object.values(VIEWS).map(({ label }) => `## ${label}`);
  expect(headings).toEqual(expect.arrayContaining(labels));
});
