import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './runtimes/runtimes.ts';

/** Files that users read or paste from. `paddock` on the npm registry is a package of another owner. */
const SHOWN = [
  ...['README.md', 'SECURITY.md', 'CHANGELOG.md', 'CONTRIBUTING.md', '.env.example'],
  ...['package.json', 'bench', 'demo', 'docs', 'examples', 'public', 'src', 'ui'],
];
const FOREIGN =
  /\b(?:npx|npm (?:exec|x|i|install|add)|bunx|(?:pnpm|yarn) (?:dlx|add)|bun (?:x|add))(?: -\S+)* paddock\b|['"`]paddock\/client\b|npmjs\.com\/package\/paddock\b/u;
const LINE = 'npx llama-paddock';

const files = SHOWN.flatMap((name) => {
  const path = join(ROOT, name);
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && /\.(?:ts|tsx|js|json|md|html|css|yml|yaml|toml)$/u.test(entry.name),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('node_modules'));
});
const read = (file: string) => readFileSync(file, 'utf8').replaceAll(/\s+/gu, ' ');
const toName = (file: string) => relative(ROOT, file);

it('shows no line that runs or installs the package of another owner', () => {
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((file) => FOREIGN.test(read(file))).map(toName)).toEqual([]);
});

it.each(['npx paddock doctor', 'npx -y paddock', 'npm install paddock', "from 'paddock/client'"])(
  'finds %s',
  (text) => {
    expect(FOREIGN.test(text)).toBe(true);
    expect(FOREIGN.test(text.replace('paddock', 'llama-paddock'))).toBe(false);
  },
);

it('states in each file with an npx line that the package is not published', () => {
  const showing = files.filter((file) => read(file).includes(LINE));
  expect(showing.map(toName)).toContain('README.md');
  const unmarked = showing.filter((file) => !read(file).includes('the package is not on npm yet'));
  expect(unmarked.map(toName)).toEqual([]);
});
