import { stripVTControlCharacters } from 'node:util';
import type { Facts } from '../client-settings/client.ts';
import { CLIENTS } from '../client-settings/clients.ts';
import { toPlainJson } from '../to-plain.ts';
import { toFittedTable, toTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Renders all clients as a table. A narrow terminal shows no versions, and cuts the paths. */
export function listClients({ colors, width }: Pick<Terminal, 'colors' | 'width'>): string {
  const head = ['CLIENT', 'NAME', '--write', 'CHECKED WITH'].map((title) => colors.dim(title));
  const rows = listRows().map(({ id, name, file, checked }) => [
    colors.bold(id),
    name,
    file ?? '',
    checked ?? 'not checked',
  ]);
  const full = toTable(head, rows);
  const fits = width === null || full.split('\n').every((line) => measure(line) <= width);
  const shown = fits ? full : toFittedTable(withoutLast({ head, rows }), width);
  return `${shown}\n\nTo see the settings of one: paddock connect ${CLIENTS[0]?.id}`;
}

function measure(line: string): number {
  return stripVTControlCharacters(line).length;
}

function withoutLast({ head, rows }: { head: string[]; rows: string[][] }) {
  return { head: head.slice(0, -1), rows: rows.map((row) => row.slice(0, -1)) };
}

/** Renders all clients as JSON. */
export function listClientsAsJson(): string {
  return toPlainJson(listRows());
}

function listRows() {
  // The path of the file is the same for all facts.
  const facts: Facts = {
    url: 'http://127.0.0.1:8400',
    id: '',
    window: null,
    hasVision: false,
    claudeAlias: null,
    needsKey: false,
  };
  return CLIENTS.map(({ id, name, checked, describe }) => {
    const file = describe(facts).snippets.find((snippet) => snippet.file !== undefined)?.file;
    return { id, name, file: file?.path ?? null, checked };
  });
}
