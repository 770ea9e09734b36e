import { expect, it } from 'vitest';
import { toPrograms } from '../../ui/console/connect/snippets.ts';
import { VIEWS } from '../../ui/console/views.ts';
import { readPage, readSnippet } from '../docs/pages.ts';

const ORIGIN = 'http://127.0.0.1:8400';
const CODER = 'sam-desktop/devstral-small-2-24b';
const BY_HAND = 'Only this model';

/** The snippet of the Connect view for a program. */
function textOf(name: string, options: { id?: string; title?: string } = {}): string {
  const { id = 'sam-desktop/qwen3.6-27b', title = '' } = options;
  const program = toPrograms({ origin: ORIGIN, id, key: null }).find((each) => each.name === name);
  return `${program?.snippets.find((each) => each.title === title)?.text}\n`;
}

it('docs/clients.md has the snippets of the Connect view', () => {
  const shown = (info: string) => readSnippet('docs/clients.md', info);
  expect(shown('python python')).toBe(textOf('Python'));
  expect(shown('ts typescript')).toBe(textOf('TypeScript'));
  expect(shown('sh claude-code')).toBe(textOf('Claude Code', { id: CODER }));
  expect(shown('sh opencode')).toBe(textOf('opencode', { title: 'All models' }));
  expect(JSON.parse(shown('json opencode'))).toEqual(
    JSON.parse(textOf('opencode', { title: BY_HAND })),
  );
});

it('docs/console.md has a section for each view', () => {
  const headings = readPage('docs/console.md').split('\n');
  const labels = Object.values(VIEWS).map(({ label }) => `## ${label}`);
  expect(headings).toEqual(expect.arrayContaining(labels));
});
