// `npm run docs:settings`: writes .env.example, the tables of docs/configuration.md and the clients of docs/clients.md anew.

import { readFileSync, writeFileSync } from 'node:fs';
import { CLIENTS } from '../src/client-settings/clients.ts';
import { KINDS } from '../src/registry/kinds/kinds.ts';
import { SETTING_ENTRIES } from '../src/settings/table.ts';
import { renderClients } from './client-docs.ts';
import { renderEnvExample, renderKinds, renderSettings, replacePart } from './settings-docs.ts';

writeFileSync('.env.example', renderEnvExample(SETTING_ENTRIES));
writeParts('docs/configuration.md', [
  { name: 'settings', text: renderSettings(SETTING_ENTRIES) },
  { name: 'kinds', text: renderKinds(KINDS) },
]);
writeParts('docs/clients.md', [{ name: 'clients', text: renderClients(CLIENTS) }]);

function writeParts(document: string, parts: readonly { name: string; text: string }[]): void {
  writeFileSync(document, parts.reduce(replacePart, readFileSync(document, 'utf8')));
}
