import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../runtimes/runtimes.ts';

const EXAMPLES = ['examples/plain/README.md', 'examples/react/README.md'];

/** The pages for users. Each of their snippets is run by a test. */
export const USER_PAGES = ['README.md', ...listPages('docs')];

/** All pages. */
export const PAGES = [
  ...USER_PAGES,
  ...['SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'bench/README.md', 'test/soak/README.md'],
  ...listPages('docs/decisions'),
  ...EXAMPLES,
];

function listPages(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

/** Reads a page of the repository. */
export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** A block of code in a page. */
export interface Snippet {
  /** Its language and its name: `sh backup`. */
  readonly info: string;
  readonly text: string;
}

/** Reads the blocks of code in a page. */
export function readSnippets(page: string): Snippet[] {
  return [...readPage(page).matchAll(/^```(.*)\n([^]*?)^```$/gm)].map(
    ([, info = '', text = '']) => ({ info, text }),
  );
}

/** Reads the one block of code in a page that has this language and name. */
export function readSnippet(page: string, info: string): string {
  const found = readSnippets(page).filter((snippet) => snippet.info === info);
  if (found.length !== 1)
    throw new Error(`Expected one block "${info}" in ${page} but received ${found.length}`);
  return found[0]?.text ?? '';
}

/** Reads the first column of the tables in a section of a page, as its code spans. */
export function readNames(page: string, heading: string): string[] {
  const section = readSection(page, heading);
  return [...section.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
}

/** Reads a section of a page, up to the next heading of the same or a higher level. */
export function readSection(page: string, heading: string): string {
  const lines = readPage(page).split('\n');
  const start = lines.indexOf(heading);
  if (start === -1) throw new Error(`Expected a heading "${heading}" in ${page}`);
  const level = heading.indexOf(' ');
  const rest = lines.slice(start + 1);
  const isEnd = (line: string) => /^#+ /.test(line) && line.indexOf(' ') <= level;
  const end = rest.findIndex(isEnd);
  return rest.slice(0, end === -1 ? undefined : end).join('\n');
}
