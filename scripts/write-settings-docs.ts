// `npm run docs:settings`: writes .env.example and the tables of docs/configuration.md anew.

import { readFileSync, writeFileSync } from 'node:fs';
import { KINDS } from '../src/registry/kinds/kinds.ts';
import { SETTING_ENTRIES } from '../src/settings/table.ts';
import { renderEnvExample, renderKinds, renderSettings, replacePart } from './settings-docs.ts';

const DOCUMENT = 'docs/configuration.md';

writeFileSync('.env.example', renderEnvExample(SETTING_ENTRIES));
const parts = [
  { name: 'settings', text: renderSettings(SETTING_ENTRIES) },
  { name: 'kinds', text: renderKinds(KINDS) },
];
writeFileSync(DOCUMENT, parts.reduce(replacePart, readFileSync(DOCUMENT, 'utf8')));
