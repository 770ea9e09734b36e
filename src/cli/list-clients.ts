import type { Facts } from '../client-settings/client.ts';
import { CLIENTS } from '../client-settings/clients.ts';
import { toPlainJson } from '../to-plain.ts';
import { toTable } from './table.ts';
import type { Colors } from './terminal.ts';

/** Renders all clients as a table. */
export function listClients(colors: Colors): string {
  const head = ['CLIENT', 'NAME', '--write', 'CHECKED WITH'].map((title) => colors.dim(title));
  const rows = listRows().map(({ id, name, file, checked }) => [
    colors.bold(id),
    name,
    file ?? '',
    checked ?? 'not checked',
  ]);
  return `${toTable(head, rows)}\n\nTo see the settings of one: paddock connect ${CLIENTS[0]?.id}`;
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
