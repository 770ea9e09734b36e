// Renders .env.example, and the tables of settings and provider kinds in docs/configuration.md.

import { toCapabilities, type ProviderKind } from '../src/registry/provider-kind.ts';
import { toFileVariable } from '../src/settings/secret-files.ts';
import type { Setting } from '../src/settings/setting.ts';

type Entries = readonly (readonly [name: string, setting: Setting])[];

const ENV_HEAD = `# Copy this file to .env and edit it. Variables of the environment override it.
# docs/configuration.md describes every setting. Generated from src/settings/table.ts by \`npm run docs:settings\`.
`;
const ENV_FOOT = `
# OpenTelemetry's own variables work too, on Node and Bun.
# OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318
`;

/** The text of `.env.example`: a sound example of each setting; all but `PROVIDERS` are commented out. */
export function renderEnvExample(entries: Entries): string {
  const parts = entries.map(([name, setting]) => {
    const value = toExample(setting);
    const text = /[\s#]/u.test(value) ? `"${value}"` : value;
    const mark = name === 'PROVIDERS' ? '' : '# ';
    return `\n# ${setting.doc.replaceAll('`', '')}.\n${mark}${name}=${text}\n`;
  });
  return ENV_HEAD + parts.join('') + ENV_FOOT;
}

/** The settings as a Markdown table. */
export function renderSettings(entries: Entries): string {
  return toTable(
    ['Setting', 'Meaning', 'Default', 'Example', 'Workers', 'Demo'],
    entries.map(([name, setting]) => [
      toCode(name) + (setting.secret ? `, ${toCode(toFileVariable(name))}` : ''),
      setting.doc,
      setting.defaultDoc ?? (setting.default ? toCode(setting.default) : 'none'),
      toCode(toExample(setting)),
      toWorkers(setting),
      setting.ownFleet ? 'no' : 'yes',
    ]),
  );
}

/** The kinds of providers that `PROVIDERS` may name, as a Markdown table. */
export function renderKinds(kinds: readonly ProviderKind[]): string {
  const toWord = (can: boolean) => (can ? 'yes' : 'no');
  return toTable(
    [
      'Scheme',
      'Default port',
      'Reports loaded models',
      'Loads models',
      'Unloads models',
      'Has `/upstream/`',
    ],
    kinds.flatMap((kind) => {
      const { name, httpPort } = kind;
      if (httpPort === null) return [];
      const can = toCapabilities(kind);
      const capabilities = [can.running, can.load, can.unload, can.upstream].map(toWord);
      return [
        [`\`${name}://\` (http)`, String(httpPort), ...capabilities],
        [`\`${name}s://\` (https)`, '443', ...capabilities],
      ];
    }),
  );
}

/** A document with another text between `<!-- NAME -->` and `<!-- /NAME -->`. */
export function replacePart(document: string, part: { name: string; text: string }): string {
  const begin = `<!-- ${part.name} -->\n`;
  const start = document.indexOf(begin);
  const end = document.indexOf(`<!-- /${part.name} -->`);
  if (start < 0 || end < start) throw new Error(`The document has no part ${part.name}`);
  return `${document.slice(0, start + begin.length)}\n${part.text}\n${document.slice(end)}`;
}

function toExample(setting: Setting): string {
  const example = setting.example ?? setting.default;
  if (example === undefined) throw new Error('A setting without a default needs an example');
  return example;
}

function toWorkers({ worker }: Setting): string {
  if (worker === undefined) return 'yes';
  if (worker === 'ignored') return 'ignored';
  return 'default' in worker ? `yes; default ${toCode(worker.default)}` : 'refused';
}

function toCode(text: string): string {
  return `\`${text}\``;
}

/** A Markdown table. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
