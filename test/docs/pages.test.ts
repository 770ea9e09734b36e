import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listDocSnippets } from '../../scripts/client-docs.ts';
import { CLIENTS } from '../../src/client-settings/clients.ts';
import { ERROR_CODES, PaddockError } from '../../src/errors.ts';
import { makeApp } from '../make-app.ts';
import { ROOT } from '../runtimes/runtimes.ts';
import { PAGES, USER_PAGES, readNames, readPage, readSection, readSnippets } from './pages.ts';

/** All source files as one text. */
const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'))
  .join('\n');

/** The anchor that GitHub makes for a heading. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

function readAnchors(page: string): string[] {
  const text = readPage(page).replaceAll(/^```[^]*?^```$/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => toAnchor(heading));
}

/** The fixed parts of a message: without numbers, and without what the page writes as an ellipsis. */
function toFixedParts(message: string): string[] {
  return message
    .split(/…|\d+/)
    .map((part) => part.replace(/^DEFAULT_MODEL /, '').trim())
    .filter((part) => part.length > 1);
}

describe('pages', () => {
  it.each(PAGES)('%s links to pages and headings that exist', (page) => {
    const text = readPage(page).replaceAll(/^```[^]*?^```$/gm, '');
    const targets = [
      ...[...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target),
      ...[...text.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, target = '']) => target),
    ].filter((target) => !/^https?:/.test(target));
    const broken = targets.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(ROOT, file))) return true;
      return anchor !== undefined && !readAnchors(file).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it.each(PAGES)('%s names scripts that exist', (page) => {
    const folder = page.startsWith('examples/') ? dirname(page) : '.';
    const readScripts = (path: string): string[] => {
      const file = join(ROOT, path, 'package.json');
      return existsSync(file) ? Object.keys(JSON.parse(readFileSync(file, 'utf8')).scripts) : [];
    };
    const scripts = new Set([...readScripts('.'), ...readScripts(folder)]);
    const used = [...readPage(page).matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(used.filter((name) => name === undefined || !scripts.has(name))).toEqual([]);
  });

  it('say "herd" and "gate" on the first lines of the README only', () => {
    const rest = readPage('README.md').split('\n').slice(4);
    const texts = [
      rest.join('\n'),
      ...USER_PAGES.filter((page) => page !== 'README.md').map(readPage),
    ];
    expect(texts.filter((text) => /\b(?:herd|gate)\b/i.test(text))).toEqual([]);
  });

  it('and code name no file and no value "herd"', () => {
    const files = ['src', 'ui', 'demo', 'docs', 'scripts'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    );
    const isText = (file: string) => /\.(?:ts|css|html|md|mjs)$/.test(file);
    const named = files.filter((file) => {
      // Old links to the view of the hosts stay valid.
      if (file === 'ui/console/views.ts') return false;
      const text = isText(file) ? readFileSync(join(ROOT, file), 'utf8') : '';
      return /herd/i.test(file + text);
    });
    expect(named).toEqual([]);
  });

  it('have snippets that a test runs', () => {
    const tests = readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
      .join('\n');
    const snippets = USER_PAGES.flatMap((page) =>
      readSnippets(page).map(({ info }) => `${page}: ${info}`),
    );
    expect(snippets.length).toBeGreaterThan(15);
    // clients.test.ts runs those that the table of clients makes.
    const made = new Set(CLIENTS.flatMap(listDocSnippets).map(({ info }) => info));
    const untested = snippets.filter((snippet) => {
      const [, info = ''] = snippet.split(': ');
      return info === '' || (!made.has(info) && !tests.includes(`'${info}'`));
    });
    expect(untested).toEqual([]);
  });

  it('are listed in the index of docs/', () => {
    const names = USER_PAGES.filter((page) => /^docs\/(?!README)/.test(page)).map((page) =>
      page.replace('docs/', ''),
    );
    const index = readPage('docs/README.md');
    expect(names.filter((name) => !index.includes(`](${name})`))).toEqual([]);
  });

  it('begin with a README of at most 9 kB', () => {
    expect(Buffer.byteLength(readPage('README.md'))).toBeLessThanOrEqual(9000);
  });
});

describe('docs/api.md', () => {
  it('lists every error with its status', () => {
    const rows = [...readSection('docs/api.md', '## Errors').matchAll(/^\| (\d+) \| `(\w+)` \|/gm)];
    const listed = rows.map(([, status, code]) => [code, Number(status)]);
    const known = ERROR_CODES.map((code) => [code, new PaddockError(code, '').status]);
    const byCode = (entries: (string | number | undefined)[][]) =>
      entries.toSorted(([a], [b]) => String(a).localeCompare(String(b)));
    expect(byCode(listed)).toEqual(byCode(known));
  });

  it('lists every route', () => {
    const { routes } = makeApp({});
    const known = new Set(
      routes()
        .map((route) => route.split(' ').at(-1) ?? '')
        .filter((path) => !/^\/(?:docs|console)\/|^\/upstream\/|^\/docs\/$/.test(path)),
    );
    const listed = new Set(
      readNames('docs/api.md', '## Routes').map((name) =>
        name.replace(/^(?:GET|PUT|POST|DELETE) /, '').replace(/\?.*$/, ''),
      ),
    );
    expect([...known].filter((path) => !listed.has(path))).toEqual([]);
  });

  it('lists every header that Paddock adds', () => {
    const names = readNames('docs/api.md', '## What the gateway changes');
    expect(names).toEqual(
      expect.arrayContaining(['x-request-id', 'x-paddock-provider', 'x-paddock-model', 'etag']),
    );
  });
});

describe('docs/operations.md', () => {
  it.each([
    ['### A provider is offline or has no models', /^…/],
    ['### Log lines worth an alert', /^(?!"level")/],
    ['### Answers that are not valid HTTP', /^/],
  ])('quotes messages of Paddock: %s', (heading, isMessage) => {
    const messages = readNames('docs/operations.md', heading).filter((name) =>
      isMessage.test(name),
    );
    expect(messages.length).toBeGreaterThan(4);
    const parts = messages.flatMap(toFixedParts);
    const missing = parts.filter((part) => !SOURCES.includes(part));
    expect(missing).toEqual([]);
  });
});

describe('docs/metrics.md', () => {
  it('has a line for each alert', () => {
    const alerts = readSnippets('docs/metrics.md').find(({ info }) => info === 'yaml alerts');
    const names = [...(alerts?.text ?? '').matchAll(/alert: (\w+)/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(5);
    expect(readNames('docs/metrics.md', '## Alerts')).toEqual(names);
  });

  it('uses existing metrics in alerts, and Paddock’s default address in the scrape config', () => {
    const listed = readNames('docs/metrics.md', '## List');
    const snippets = readSnippets('docs/metrics.md');
    const [scrape, alerts] = ['yaml scrape', 'yaml alerts'].map(
      (wanted) => snippets.find(({ info }) => info === wanted)?.text ?? '',
    );
    const used = [...(alerts ?? '').matchAll(/paddock_\w+/g)].map(([name]) => name);
    const unknown = used.filter((name) => !listed.includes(name.replace(/_bucket$/, '')));
    expect(unknown).toEqual([]);
    expect(scrape).toContain("targets: ['127.0.0.1:8400']");
  });
});
