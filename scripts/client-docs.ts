// Renders the table of clients and their sections in docs/clients.md.

import type { Client, ConfigFile, Facts, Snippet } from '../src/client-settings/client.ts';
import { toTable } from './settings-docs.ts';

/** The facts in the snippets of the page: the demo's default model, at Paddock's default address. */
export const DOC_FACTS: Facts = {
  url: 'http://127.0.0.1:8400',
  id: 'sam-desktop/qwen3.6-27b',
  window: 65_536,
  hasVision: false,
  claudeAlias: null,
  needsKey: false,
};

/** A block of code of the page. */
export interface DocSnippet extends Snippet {
  /** Its language and its name. */
  readonly info: string;
}

/** The clients as Markdown: a table of all, then a section for each. */
export function renderClients(clients: readonly Client[]): string {
  const rows = clients.map(({ id, name, checked }) => [
    `[${name}](#${toAnchor(name)})`,
    `\`paddock connect ${id}\``,
    checked ?? 'not checked',
  ]);
  const table = toTable(['Client', 'Command', 'Checked with'], rows);
  return [table, ...clients.map(renderClient)].join('\n');
}

/** The blocks of code of a client. Values for the fields of a form are no blocks. */
export function listDocSnippets({ id, describe }: Client): DocSnippet[] {
  const counts = new Map<string, number>();
  return describe(DOC_FACTS).snippets.flatMap((snippet) => {
    const { language } = snippet;
    if (language === 'text') return [];
    const count = (counts.get(language) ?? 0) + 1;
    counts.set(language, count);
    return [{ ...snippet, info: `${language} ${id}${count === 1 ? '' : `-${count}`}` }];
  });
}

function renderClient(client: Client): string {
  const { about, snippets } = client.describe(DOC_FACTS);
  const blocks = listDocSnippets(client);
  const parts = snippets.map((snippet) => {
    const { title, language, text, file } = snippet;
    if (language === 'text') return `- ${title}: \`${text}\`\n`;
    const names = [title, file === undefined ? '' : toFileName(file)].filter(Boolean);
    const head = names.length === 0 ? '' : `${names.join(', ')}:\n\n`;
    const block = blocks.find((one) => one.text === text && one.title === title);
    return `\n${head}\`\`\`${block?.info}\n${text}\n\`\`\`\n`;
  });
  return `### ${client.name}\n\n${about.replaceAll('’', "'")}\n${parts.join('').replace(/^- /u, '\n- ')}`;
}

function toFileName({ path, folderVariable }: ConfigFile): string {
  return `\`${path}\`${folderVariable === undefined ? '' : ` (or in \`$${folderVariable}\`)`}`;
}

/** The anchor that GitHub makes for a heading. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/gu, '-');
}
